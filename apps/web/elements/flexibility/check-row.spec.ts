import { problemOf } from './check-row';

const UNITS = new Map([
  [3, 'EUR/MWh'],
  [5, 'kW'],
]);

describe('problemOf', () => {
  it.each([
    ['flex-model', 'soc-max', 'value', '450 kWh'],
    ['flex-model', 'soc-max', 'none', ''],
    ['flex-model', 'production-capacity', 'sensor', '5'],
    ['flex-model', 'production-capacity', 'sensor', '99'],
    ['flex-context', 'consumption-price', 'sensor', '3'],
    ['flex-context', 'consumption-price', 'value', '0.25 EUR/kWh'],
    ['flex-context', 'consumption-price', 'series', '2026-03-04 07:00, 2026-03-04 09:00, 0.3 EUR/kWh'],
    ['flex-model', 'soc-targets', 'series', '2026-03-04 07:00, , 80%'],
    ['flex-model', 'time-restrictions', 'series', '2026-03-04 07:00, PT2H'],
  ] as const)('finds nothing wrong with %s %s as %s %j', (group, name, kind, text) => {
    expect(problemOf(group, name, { kind, text }, UNITS, 'Europe/Amsterdam')).toBeUndefined();
  });

  it.each([
    ['flex-model', 'soc-max', 'value', '450 EUR', /EUR/],
    ['flex-model', 'soc-max', 'value', '', /A value is needed/],
    ['flex-model', 'roundtrip-efficiency', 'value', '120%', /at most 1|less than or equal to 1/i],
    ['flex-model', 'production-capacity', 'sensor', '3', /cannot be converted to MW/],
    ['flex-context', 'consumption-price', 'value', '5 kW', /is not a price per MWh/],
    ['flex-context', 'consumption-price', 'sensor', '5', /kW is not a price/],
    ['flex-context', 'consumption-price', 'series', '2026-03-04 07:00, PT2H, 5 kW', /is not a price per MWh/],
    [
      'flex-context',
      'consumption-price',
      'series',
      '2026-03-04 07:00, , 5 EUR/MWh',
      /^Row 1: An end is needed/,
    ],
    ['flex-model', 'time-restrictions', 'json', '[{"start": "x"}]', /./],
  ] as const)('tells what is wrong with %s %s as %s %j', (group, name, kind, text, reason) => {
    expect(problemOf(group, name, { kind, text }, UNITS, 'Europe/Amsterdam')).toMatch(reason);
  });
});
