import fc from 'fast-check';
import { plotSeries } from './plot';
import { seedOrDefault } from '../../../../test/harness/effort';

const START = Date.parse('2026-03-04T10:00Z');
const QUARTER_MS = 900_000;

/** A chart of consecutive quarter-hours. */
const plotOf = (...values: number[]): string => {
  const eventStarts = Float64Array.from(values, (_, i) => START + i * QUARTER_MS);
  const series = { label: 'power', eventStarts, values: Float64Array.from(values), stepMs: QUARTER_MS };
  return plotSeries([series], 'MW', 'UTC');
};

describe('plotSeries', () => {
  it.each([
    [
      [1e308, -1e308],
      ['1e+308', '-1e+308'],
    ],
    [
      [Number.MAX_VALUE, -Number.MAX_VALUE],
      ['1.798e+308', '-1.798e+308'],
    ],
    [
      [Number.MAX_VALUE, 0],
      ['1.798e+308', '0'],
    ],
    [
      [1e308, 1e307],
      ['1e+308', '1e+307'],
    ],
    [
      [1e300, -1e300],
      ['1e+300', '-1e+300'],
    ],
    [[Number.MAX_VALUE], []],
    [
      [Number.MIN_VALUE, -Number.MIN_VALUE],
      ['5e-324', '-5e-324'],
    ],
    [
      [1e-200, -1e-200],
      ['1e-200', '-1e-200'],
    ],
    [[0, 0], ['0']],
  ])('draws %j with correct axis ticks', (values, ticks) => {
    const chart = plotOf(...values);
    expect(chart).toMatch(/━/);
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
    for (const tick of ticks) expect(chart).toMatch(new RegExp(`^ *${tick.replace('+', '\\+')}┤`, 'm'));
  });

  it('draws random finite values without NaN or Infinity on the axes', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(numbers, (values) => !/NaN|Infinity|undefined/.test(plotOf(...values))),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('leaves a gap at values that are not finite', () => {
    const chart = plotOf(1, Infinity, 3, NaN, -Infinity, 3);
    expect(chart).not.toMatch(/NaN|Infinity/);
    expect(chart).toMatch(/^ *3┤ +━+ +━+$/m);
    expect(chart).toMatch(/^ *1┤━+$/m);
  });

  it('draws instantaneous values', () => {
    const level = { label: 'level', eventStarts: Float64Array.of(START, START + 420_000), stepMs: 0 };
    const chart = plotSeries([{ ...level, values: Float64Array.of(1, 2) }], 'm', 'UTC');
    expect(chart).toMatch(/^ *2┤/m);
  });
});
