import { flowsIn, readBalance, toCsv, unknownSpans, valuesAt, type BalanceAnswer } from './model';

const ANSWER: BalanceAnswer = {
  ...{ start: '2026-03-04T00:00:00+01:00', resolution: 'PT1H', now: '2026-03-04T01:30:00+01:00' },
  timezone: 'Europe/Amsterdam',
  flows: {
    import: [1.5, null, null, 0],
    export: [0, null, null, 0.25],
    production: [0, 2, 2, 2],
    charge: [0, null, null, 0],
    discharge: [0, 0, 0, 0],
    flexible: [0, 0, 0, 0],
    inflexible: [1.5, 1, 1, 1.75],
  },
};
const BALANCE = readBalance(ANSWER);

it('draws the flows that occur, and marks where import is not known', () => {
  expect(flowsIn(BALANCE).map(({ flow }) => flow)).toEqual(['production', 'import', 'inflexible', 'export']);
  expect(unknownSpans(BALANCE)).toEqual([{ from: 1, until: 3 }]);
  expect(() => readBalance({ ...ANSWER, resolution: 'P1D' })).toThrow('Steps of P1D cannot be drawn.');
});

it('tells the values of a step', () => {
  expect(valuesAt(BALANCE, 1, flowsIn(BALANCE))).toEqual([
    ...['Solar and other production 2 kW', 'Import not known', 'Inflexible load 1 kW', 'Export not known'],
  ]);
});

it('writes all steps as CSV, measured ones before planned ones', () => {
  const [header, ...rows] = toCsv(BALANCE).trim().split('\r\n');
  expect(header).toMatch(/^start,kind,production \(kW\),/);
  expect(rows[0]).toBe('2026-03-04T00:00+01:00,measured,0,0,1.5,1.5,0,0,0');
  expect(rows[1]).toBe('2026-03-04T01:00+01:00,planned,2,0,,1,0,,');
});
