import { accuracyBySource, computeCoverage } from './accuracy-by-source';

const HOUR_MS = 3_600_000;

describe('accuracyBySource', () => {
  // Measured 1, 2, 3, 4, 5 kW in five hours.
  const measured = { startMs: 0, stepMs: HOUR_MS, values: Float64Array.of(1, 2, 3, 4, 5) };
  const said = (rows: [hour: number, source: number, probability: number, value: number][]) => ({
    eventStarts: Float64Array.from(rows, ([hour]) => hour * HOUR_MS),
    sourceIds: Int32Array.from(rows, ([, source]) => source),
    cumulativeProbabilities: Float64Array.from(rows, ([, , probability]) => probability),
    values: Float64Array.from(rows, ([, , , value]) => value),
  });

  it('matches a hand calculation, including the naive baselines on the same events', () => {
    const rows = said([
      [2, 7, 0.1, 2.5],
      [2, 7, 0.5, 4],
      [2, 7, 0.9, 4.5],
      [4, 7, 0.1, 5.5],
      [4, 7, 0.5, 6],
      [4, 7, 0.9, 7],
      [3, 2, 0.5, 4],
      [9, 2, 0.5, 4],
    ]);
    const [other, one] = accuracyBySource({ series: measured, zone: 'UTC' }, rows, 2);
    // Errors 1 and 1 on values 3 and 5. Only the first prediction interval contains its value.
    expect(one).toMatchObject({ sourceId: 7, count: 2, mae: 1, rmse: 1, wape: 0.25, coverage: 0.5 });
    // Two hours before, the last values were 1 and 3.
    expect(one!.baselines[0]).toEqual({ method: 'last-value', count: 2, mae: 2, rmse: 2, wape: 0.5 });
    expect(one!.baselines[1]).toMatchObject({ method: 'same-time-yesterday', count: 0 });
    expect(other).toMatchObject({ sourceId: 2, count: 1, mae: 0 });
    expect(other!.coverage).toBeNaN();
  });

  it('has no entry for a source without comparable forecasts', () => {
    expect(accuracyBySource({ series: measured, zone: 'UTC' }, said([[9, 2, 0.5, 4]]), 2)).toEqual([]);
  });
});

it('does not count prediction intervals without width in the coverage', () => {
  expect(computeCoverage(Float64Array.of(0, 0, 2), Float64Array.of(0, 4, 3), Float64Array.of(0, 3, 5))).toBe(
    0.5,
  );
  expect(computeCoverage(Float64Array.of(NaN), Float64Array.of(NaN), Float64Array.of(1))).toBeNaN();
});
