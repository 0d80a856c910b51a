import type { Job } from '#lib/queues';
import { planContent, stocksInWords } from './plan-content';

const ZONE = 'Europe/Amsterdam';
const RESULT = {
  ...{ start: '2026-03-04T06:00:00Z', steps: 48, stepMs: 900_000, beliefTime: '2026-03-04T05:58:30.123Z' },
  ...{ cost: -1.417, currency: 'EUR', warnings: ['A price is missing.'], sensorIds: [2, 5] },
  resolved: [
    { asset: 3, 'soc-minima': [{}] },
    { asset: 4, 'soc-maxima': [{}] },
  ],
  unresolved: [{ asset: 3, 'production-capacity': [{}] }],
};

it('tells money, times and limits of a plan', () => {
  expect(planContent({ id: 'x', result: RESULT } as unknown as Job, 3, ZONE)).toEqual({
    ...{
      is_of_site: true,
      path: '/jobs/x',
      until: '2026-03-04 19:00',
      made: '2026-03-04 06:58',
      made_at: RESULT.beliefTime,
    },
    ...{
      money: 'earns 1.42 EUR',
      kept: ['minima of the state of charge'],
      not_kept: ['production-capacity'],
    },
    warnings: ['A price is missing.'],
  });
  const unknown = { id: 'x', result: { ...RESULT, cost: null } } as unknown as Job;
  expect(planContent(unknown, 3, ZONE).money).toBeUndefined();
});

it('tells when a storage will be full and empty', () => {
  const series = (...values: number[]) => ({
    eventStarts: Float64Array.from(values, (_, hour) => Date.parse('2026-03-04T06:00Z') + hour * 3_600_000),
    values: Float64Array.from(values),
  });
  const bounds = { min: 1, max: 10 };
  expect(stocksInWords(series(5, 9.99, 10, 1), bounds, ZONE)).toEqual([
    ...['full 2026-03-04 08:00', 'empty 2026-03-04 10:00'],
  ]);
  expect(stocksInWords(series(10, 9, 10), bounds, ZONE)).toEqual(['full now']);
  expect(stocksInWords(series(5, 6), bounds, ZONE)).toEqual([]);
  expect(stocksInWords(series(10), { max: 10 }, ZONE)).toEqual([]);
});
