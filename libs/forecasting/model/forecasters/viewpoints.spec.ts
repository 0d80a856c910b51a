import { planViewpoints } from './viewpoints';

const HOUR = 3_600_000;
const NEVER = 1000 * HOUR;

/** Viewpoints in hours: start, end of the events, belief time. */
const plan = (hours: [number, number, number, number], beliefTime = hours[0], now = NEVER) => {
  const [startMs, endMs, frequencyMs, maxHorizonMs] = hours.map((count) => count * HOUR) as typeof hours;
  return planViewpoints({ startMs, endMs, frequencyMs, maxHorizonMs }, beliefTime * HOUR, now).map((one) =>
    [one.startMs, one.untilMs, one.beliefTimeMs].map((ms) => ms / HOUR),
  );
};

describe('planViewpoints', () => {
  it('has one viewpoint if the frequency is the length of the window', () => {
    expect(plan([10, 34, 24, 24])).toEqual([[10, 34, 10]]);
  });

  it('has a viewpoint per period, each of which looks ahead as far as the horizon', () => {
    expect(plan([0, 24, 6, 12])).toEqual([
      [0, 12, 0],
      [6, 18, 6],
      [12, 24, 12],
      [18, 24, 18],
    ]);
  });

  it('covers the rest of a window that is not a multiple of the frequency', () => {
    expect(plan([0, 10, 4, 4])).toEqual([
      [0, 4, 0],
      [4, 8, 4],
      [8, 10, 8],
    ]);
  });

  it('moves belief times with the viewpoints', () => {
    expect(plan([0, 12, 6, 6], -2)).toEqual([
      [0, 6, -2],
      [6, 12, 4],
    ]);
  });

  it('replaces viewpoints in the future by one now', () => {
    expect(plan([0, 24, 6, 6], 0, 7 * HOUR)).toEqual([
      [0, 6, 0],
      [6, 12, 6],
      [12, 24, 7],
    ]);
  });
});
