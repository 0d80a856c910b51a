import { laggedRegressors, missingShare, periodsOnSteps } from './requested-inputs';

const HOUR = 3_600_000;

describe('laggedRegressors', () => {
  const realized = Float64Array.from({ length: 60 }, (_, hour) => hour);

  it('gives the latest known value, and the one of the latest known day', () => {
    const [latest, daily] = laggedRegressors(realized, { horizonSteps: 6, delaySteps: 0, stepMs: HOUR });
    expect([latest![50], daily![50]]).toEqual([44, 26]);
    expect(latest![5]).toBeNaN();
    const [, twoDays] = laggedRegressors(realized, { horizonSteps: 25, delaySteps: 0, stepMs: HOUR });
    expect(twoDays![50]).toBe(2);
  });

  it('waits until longer events are known', () => {
    expect(laggedRegressors(realized, { horizonSteps: 6, delaySteps: 3, stepMs: HOUR })[0]![50]).toBe(41);
  });

  it('fills short gaps with the value before them', () => {
    const gappy = realized.map((value) => (value > 40 && value < 44 ? NaN : value));
    expect(laggedRegressors(gappy, { horizonSteps: 6, delaySteps: 0, stepMs: HOUR })[0]![49]).toBe(40);
  });

  it('has no value of the day before if a day is not a whole number of steps', () => {
    expect(laggedRegressors(realized, { horizonSteps: 1, delaySteps: 0, stepMs: 7 * HOUR })).toHaveLength(1);
  });
});

describe('periodsOnSteps', () => {
  it('marks the steps that start in a period', () => {
    const starts = Float64Array.of(0, HOUR, 2 * HOUR, 3 * HOUR);
    const periods = [
      { startMs: HOUR, endMs: 2 * HOUR },
      { startMs: 2.5 * HOUR, endMs: 9 * HOUR },
    ];
    expect([...periodsOnSteps(periods, starts)]).toEqual([0, 1, 0, 1]);
  });
});

describe('missingShare', () => {
  it('counts unknown values between two steps', () => {
    const values = Float64Array.of(NaN, 1, NaN, 2);
    expect(missingShare(values, 0, 4)).toBe(0.5);
    expect(missingShare(values, -3, 2)).toBe(0.5);
    expect(missingShare(values, 3, 4)).toBe(0);
    expect(missingShare(values, 4, 4)).toBe(0);
  });
});
