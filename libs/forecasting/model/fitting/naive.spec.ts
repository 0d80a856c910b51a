import { KnownValues } from '../series/known-values';
import { naiveForecast } from './naive';

const HOUR_MS = 3_600_000;
const DAY = 24;

/** Four days of hours in UTC: the value is the hour, plus 100 times the day; some are unknown. */
function inputsWithout(...unknown: number[]) {
  const values = Float64Array.from({ length: 4 * DAY }, (_, step) =>
    unknown.includes(step) ? NaN : 100 * Math.floor(step / DAY) + (step % DAY),
  );
  const calendar = { offsetSteps: new Float64Array(values.length) };
  return { known: new KnownValues(values, 6), stepMs: HOUR_MS, calendar };
}

describe('naiveForecast', () => {
  const target = 3 * DAY + 5;
  const yesterday = 2 * DAY + 5;

  it('takes the value of the same time on the day before', () => {
    expect(naiveForecast('same-time-yesterday', inputsWithout(), target, 1)).toBe(205);
  });

  it('case 22: prefers the value of an earlier day over one that is interpolated across a gap', () => {
    const gap = [yesterday - 1, yesterday, yesterday + 1];
    expect(naiveForecast('same-time-yesterday', inputsWithout(...gap), target, 1)).toBe(105);
    expect(naiveForecast('same-time-yesterday', inputsWithout(...gap, DAY + 5), target, 1)).toBe(5);
  });

  it('interpolates if no earlier day has a value', () => {
    const inputs = inputsWithout(yesterday, DAY + 5, 5);
    expect(naiveForecast('same-time-yesterday', inputs, target, 1)).toBe(205);
  });
});
