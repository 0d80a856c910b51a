import { FLEX_FIELDS, findFlexField, type FlexGroup } from '../fields';
import { FLEX_SECTIONS } from './sections';
import { POWER_SENSOR_FIELD, kindsOf, readTyped, toTyped } from './typed-value';

const ZONE = 'Europe/Amsterdam';
const fieldOf = (group: FlexGroup, name: string) => findFlexField(group, name)!;

describe('FLEX_SECTIONS', () => {
  it.each(Object.keys(FLEX_FIELDS) as FlexGroup[])('has each field of the %s once', (group) => {
    const shown = FLEX_SECTIONS[group].flatMap(({ fields }): readonly string[] => fields);
    expect([...shown].sort()).toEqual(Object.keys(FLEX_FIELDS[group]).sort());
  });
});

describe('Values of a form', () => {
  it.each<[FlexGroup, string, unknown, string, string]>([
    ['flex-model', 'soc-max', '450 kWh', 'value', '450 kWh'],
    ['flex-model', 'soc-max', 0.45, 'value', '0.45'],
    ['flex-model', 'production-capacity', { sensor: 5 }, 'sensor', '5'],
    [
      'flex-model',
      'production-capacity',
      { sensor: 5, default: '2 kW' },
      'json',
      '{"sensor":5,"default":"2 kW"}',
    ],
    ['flex-model', 'prefer-charging-sooner', false, 'value', 'false'],
    ['flex-model', 'soc-usage', ['3 kW', { sensor: 5 }], 'json', '["3 kW",{"sensor":5}]'],
    ['flex-model', 'group', { asset: 7 }, 'value', 'asset 7'],
    ['flex-model', 'consumption', { sensor: 14 }, 'sensor', '14'],
    ['flex-model', 'process-type', 'SHIFTABLE', 'value', 'SHIFTABLE'],
    ['flex-context', 'inflexible-device-sensors', [4, 5], 'sensor', '4, 5'],
    ['flex-context', 'inflexible-consumption', [{ sensor: 4 }], 'sensor', '4'],
    ['flex-context', 'consumption-price-sensor', 3, 'sensor', '3'],
    [
      'flex-model',
      'time-restrictions',
      [{ start: '2026-03-04T16:00:00+01:00', duration: 'PT2H' }],
      'series',
      '2026-03-04 16:00, PT2H',
    ],
    [
      'flex-context',
      'consumption-price',
      [{ start: '2026-03-04T00:00:00+01:00', end: '2026-03-05T00:00:00+01:00', value: '0.3 EUR/kWh' }],
      'series',
      '2026-03-04 00:00, 2026-03-05 00:00, 0.3 EUR/kWh',
    ],
    ['flex-context', 'commitments', [{ name: 'a' }], 'json', '[{"name":"a"}]'],
  ])('keep %s %s = %j as %s', (group, name, value, kind, text) => {
    const field = fieldOf(group, name);
    expect(toTyped(field, value, ZONE)).toEqual({ kind, text });
    expect(kindsOf(field)).toContain(kind);
    expect(readTyped(name, field, toTyped(field, value, ZONE), ZONE)).toEqual(value);
  });

  it('keep the id of the power sensor', () => {
    expect(toTyped(POWER_SENSOR_FIELD, 2, ZONE)).toEqual({ kind: 'sensor', text: '2' });
    expect(readTyped('sensor', POWER_SENSOR_FIELD, { kind: 'sensor', text: ' 2 ' }, ZONE)).toBe(2);
  });

  it('leave out what is not set', () => {
    expect(toTyped(fieldOf('flex-model', 'soc-max'), undefined, ZONE)).toEqual({ kind: 'none', text: '' });
    expect(
      readTyped('soc-max', fieldOf('flex-model', 'soc-max'), { kind: 'none', text: 'x' }, ZONE),
    ).toBeUndefined();
  });

  it.each([
    ['soc-max', 'value', ' ', 'A value is needed.'],
    ['production-capacity', 'sensor', 'five', 'The id of a sensor is needed'],
    ['production-capacity', 'sensor', '5, 6', 'Only one sensor is possible.'],
    ['production-capacity', 'json', '{', 'This is not valid JSON.'],
    ['group', 'value', '7', 'An asset or a sensor is needed'],
  ] as const)('say what is wrong with %s as %s %j', (name, kind, text, reason) => {
    expect(() => readTyped(name, fieldOf('flex-model', name), { kind, text }, ZONE)).toThrow(
      `${name}: ${reason}`,
    );
  });
});
