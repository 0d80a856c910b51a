import { checkStoredField } from './check-stored-field';
import { FLEX_FIELDS, type FlexGroup } from './fields';

const KNOWN = { unitOf: () => 'EUR/MWh', checkUnit: () => undefined };

describe('checkStoredField', () => {
  const cases = (Object.keys(FLEX_FIELDS) as FlexGroup[]).flatMap((group) =>
    Object.entries(FLEX_FIELDS[group])
      .filter(([, { type }]) => !['energy-series', 'intervals'].includes(type))
      .map(([name, { example }]) => [group, name, example] as const),
  );

  it.each(cases)('accepts the example of the %s field %s', (group, name, example) => {
    expect(() => checkStoredField(group, name, example, KNOWN)).not.toThrow();
  });

  it.each([
    ['flex-context', 'consumption-price', { sensor: 3, sources: [1] }],
    ['flex-context', 'site-peak-consumption-price', { sensor: 3 }],
    ['flex-model', 'soc-max', { sensor: 3 }],
    ['flex-model', 'consumption', { sensor: 3 }],
    ['flex-model', 'sensor', 3],
    ['flex-model', 'group', { asset: 3 }],
  ] as const)('accepts in a %s the field %s with %j', (group, name, value) => {
    expect(() => checkStoredField(group, name, value, KNOWN)).not.toThrow();
  });

  it.each([
    ['flex-context', 'consumption-price', { sensor: 3, colour: 'red' }, 'consumption-price.colour'],
    ['flex-context', 'foo', 1, 'foo'],
    ['flex-model', 'consumption', 3, 'consumption'],
    ['flex-model', 'soc-usage', ['3 kW', ['1 kW']], 'soc-usage.1'],
    ['flex-model', 'soc-unit', 'GWh', 'soc-unit'],
    ['flex-model', 'duration', 'two hours', 'duration'],
    ['flex-model', 'roundtrip-efficiency', '110%', 'roundtrip-efficiency'],
    ['flex-model', 'group', { sensor: '3' }, 'group.sensor'],
  ] as const)('refuses in a %s the field %s with %j', (group, name, value, field) => {
    expect(() => checkStoredField(group, name, value, KNOWN)).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });
});
