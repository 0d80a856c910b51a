import { HOUR_MS, parseInstant } from '#lib/time';
import { wallClockSteps } from './wall-clock-steps';

describe('wallClockSteps', () => {
  const hoursFrom = (from: string, hours: number, stepMs: number, zone = 'Europe/Amsterdam') => {
    const startMs = parseInstant(from);
    return Array.from(
      wallClockSteps(startMs, startMs + hours * HOUR_MS, stepMs, zone),
      (step) => (step - startMs) / HOUR_MS,
    );
  };

  it('keeps days at local midnight over both changes of the clocks', () => {
    expect(hoursFrom('2024-03-30T00:00+01:00', 72, 24 * HOUR_MS)).toEqual([0, 24, 47, 71]);
    expect(hoursFrom('2024-10-26T00:00+02:00', 74, 24 * HOUR_MS)).toEqual([0, 24, 49, 73]);
  });

  it('begins with the step before the window, and repeats the hour that occurs twice', () => {
    expect(hoursFrom('2024-10-27T01:30+02:00', 3, HOUR_MS)).toEqual([-0.5, 0.5, 1.5, 2.5]);
    expect(
      hoursFrom('2024-07-01T10:20Z', 1, HOUR_MS, 'Asia/Kathmandu').map((hour) => hour.toFixed(3)),
    ).toEqual(['-0.083', '0.917']);
  });
});

describe('wallClockSteps of a week', () => {
  it('begins with the step before the window, also if no other follows', () => {
    const weekMs = 7 * 24 * HOUR_MS;
    expect(Array.from(wallClockSteps(weekMs + 1, weekMs + 2, weekMs, 'UTC'))).toEqual([weekMs]);
    expect(Array.from(wallClockSteps(weekMs, 2 * weekMs, weekMs, 'UTC'))).toEqual([weekMs, 2 * weekMs]);
  });
});
