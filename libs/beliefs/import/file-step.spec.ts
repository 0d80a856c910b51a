import { parseInstant, ZoneClock } from '#lib/time';
import { StepSample, StepWatch } from './file-step';

const MINUTE_MS = 60_000;
const START = parseInstant('2026-01-01T00:00Z');
const utc = new ZoneClock('UTC');
const amsterdam = new ZoneClock('Europe/Amsterdam');

/** Event starts by their minutes after the first of January. */
const starts = (...minutes: number[]): Float64Array =>
  Float64Array.from(minutes, (m) => START + m * MINUTE_MS);
const every = (minutes: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * minutes);
const localDays = (from: string, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, day) =>
    amsterdam.resolveLocal(parseInstant(`${from}T00:00Z`) + day * 86_400_000),
  );
const stepMinutes = (eventStarts: Float64Array, clock = utc): number | undefined => {
  const sample = new StepSample();
  sample.add(eventStarts);
  const step = sample.findStep(clock);
  return step === undefined ? undefined : step / MINUTE_MS;
};

describe('StepSample', () => {
  it.each([
    ['a regular series', every(15, 10), 15],
    ['one from new to old', every(15, 10).reverse(), 15],
    ['one out of order', [45, 0, 15, 60, 30], 15],
    ['one with missing events', [0, 60, 75, 90, 150, 165], 15],
    ['one with the step only once', [0, 120, 180, 300, 420], 60],
    ['forecasts made again and again', [...every(60, 48), ...every(60, 48, 360), ...every(60, 48, 720)], 60],
    ['several beliefs about each event', [0, 0, 0, 30, 30, 60, 60], 30],
    ['two rows', [0, 240], 240],
    ['an odd row at the end', [...every(60, 24), 1410], 60],
    ['a change from longer to shorter events', [...every(60, 40), ...every(15, 60, 2400)], 60],
    ['a series with an outage', [...every(15, 50), ...every(15, 50, 100_000)], 15],
    ['an odd row', [0, 15, 30, 30.01, 45], 15],
    ['jitter', [0, 15, 31, 45], 15],
    ['an early change', [0, 15, 30, 90, 150, 210], 15],
    ['a change from shorter to longer events', [...every(15, 40), ...every(60, 60, 600)], 15],
  ])('finds the step of %s', (_name, minutes, expected) => {
    expect(stepMinutes(starts(...minutes))).toBe(expected);
  });

  it('finds no step in rows about one event', () => {
    expect(stepMinutes(starts(0, 0))).toBeUndefined();
    expect(stepMinutes(starts())).toBeUndefined();
  });

  it('finds no step in rows about two events at an unusual distance', () => {
    for (const minutes of [7, 45, 300, 2880]) expect(stepMinutes(starts(0, minutes))).toBeUndefined();
    for (const minutes of [5, 720, 1440, 10_080]) expect(stepMinutes(starts(0, minutes))).toBe(minutes);
  });

  it('finds a step of a day where days have 23 or 25 hours', () => {
    expect(stepMinutes(localDays('2026-03-28', 5), amsterdam)).toBe(1440);
    expect(stepMinutes(localDays('2026-03-29', 2), amsterdam)).toBe(1440);
    expect(stepMinutes(localDays('2026-10-25', 2), amsterdam)).toBe(1440);
  });
});

describe('StepWatch', () => {
  const breakIn = (step: number, minutes: number[], batch = 7) => {
    const watch = new StepWatch(step * MINUTE_MS, utc);
    const all = starts(...minutes);
    const lines = Int32Array.from(minutes, (_, i) => i + 2);
    for (let at = 0; at < all.length; at += batch) {
      const found = watch.findBreak(all.subarray(at, at + batch), lines.subarray(at, at + batch));
      if (found) return { kind: found.kind, line: found.line, minutes: found.distanceMs / MINUTE_MS };
    }
    return undefined;
  };

  it.each([
    ['a regular series', 15, every(15, 50)],
    ['one from new to old', 15, every(15, 50).reverse()],
    ['missing events here and there', 15, [0, 15, 60, 75, 90, 150, 210, 225, 240, 360, 375]],
    ['a series that loses many events', 15, [0, 15, 45, 60, 90, 120, 135, 165, 195, 225, 240, 300, 315]],
    ['office hours', 15, [...every(15, 36), ...every(15, 36, 1440), ...every(15, 36, 2880)]],
    ['forecasts made again and again', 60, [...every(60, 48), ...every(60, 48, 360), ...every(60, 48, 720)]],
    ['forecasts for the next hour and the next day', 60, every(60, 30).flatMap((m) => [m, m + 1380])],
    ['several beliefs about each event', 30, every(30, 20).flatMap((m) => [m, m, m])],
  ])('accepts %s', (_name, step, minutes) => {
    expect(breakIn(step, minutes)).toBeUndefined();
  });

  it.each([
    ['an odd row', 60, [...every(60, 24), 1410], { kind: 'out of step', line: 26, minutes: 30 }],
    [
      'a finer part',
      60,
      [...every(60, 9), ...every(15, 9, 495)],
      { kind: 'out of step', line: 11, minutes: 15 },
    ],
    [
      'a coarser part',
      15,
      [...every(15, 9), ...every(60, 4, 180)],
      { kind: 'changed', line: 11, minutes: 60 },
    ],
    [
      'a coarser part after missing events',
      15,
      [0, 15, 60, 75, 105, 120, 135, ...every(60, 9, 195)],
      { kind: 'changed', line: 9, minutes: 60 },
    ],
    ['jitter', 15, [0, 15, 30.5, 45], { kind: 'out of step', line: 4, minutes: 15.5 }],
  ])('names the row at which %s begins', (_name, step, minutes, expected) => {
    expect(breakIn(step, minutes)).toEqual(expected);
  });

  it('counts days on the wall clock, or as 24 hours', () => {
    for (const days of [localDays('2026-03-27', 240), starts(...every(1440, 300))]) {
      const watch = new StepWatch(1440 * MINUTE_MS, amsterdam);
      expect(watch.findBreak(days, new Int32Array(days.length))).toBeUndefined();
    }
  });
});
