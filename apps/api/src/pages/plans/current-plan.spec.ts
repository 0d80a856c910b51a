import { findCurrentPlan } from './current-plan';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-03-04T12:00Z');
/** A schedule of some hours. */
const schedule = (start: string, hours: number) => ({
  result: { start: `2026-03-${start}:00Z`, steps: hours, stepMs: HOUR_MS },
});

describe('findCurrentPlan', () => {
  const [running, older] = [schedule('04T10:00', 6), schedule('04T08:00', 12)];
  const [past, tomorrow, over] = [
    schedule('01T00:00', 24),
    schedule('05T00:00', 24),
    schedule('04T06:00', 6),
  ];

  it('takes the newest schedule that has begun and is not over', () => {
    expect(findCurrentPlan([running, older], NOW)).toBe(running);
    expect(findCurrentPlan([over, older], NOW)).toBe(older);
  });

  it('is not replaced by a newer schedule of another time', () => {
    expect(findCurrentPlan([past, running], NOW)).toBe(running);
    expect(findCurrentPlan([tomorrow, running], NOW)).toBe(running);
  });

  it('takes a schedule that will begin if none has begun', () => {
    expect(findCurrentPlan([past, tomorrow], NOW)).toBe(tomorrow);
  });

  it('finds nothing if all are over, or have no result', () => {
    expect(findCurrentPlan([past, over, { result: null }], NOW)).toBeUndefined();
  });
});
