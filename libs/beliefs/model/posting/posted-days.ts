import { DAY_MS, eventStartAfter, ZoneClock } from '#lib/time';

/** Posted values that last whole days on a clock, among them days of 23 or 25 hours. */
export interface PostedDays {
  /** Nominal length of each value: a multiple of 24 hours, ms. */
  lengthMs: number;
  /** Epoch ms: where each value starts, and where the last one ends. */
  bounds: Float64Array;
}

/**
 * Finds whether posted values are about whole days of the zone, and the clocks change during them: if the duration of the
 * message is that of whole days on the clock, or, for sensors of days, a multiple of 24 hours.
 *
 * @param resolutionMs length of the sensor's events
 * @param zone IANA zone of the sensor
 * @returns undefined if all values have the same length
 */
export function findPostedDays(
  { startMs, durationMs, values }: { startMs: number; durationMs: number; values: Float64Array },
  resolutionMs: number,
  zone: string,
): PostedDays | undefined {
  const clock = new ZoneClock(zone);
  const localStartMs = clock.instantToLocal(startMs);
  const onClockMs = clock.instantToLocal(startMs + durationMs) - localStartMs;
  const isOfDays = resolutionMs > 0 && resolutionMs % DAY_MS === 0;
  const lengthMs = [onClockMs, ...(isOfDays ? [durationMs] : [])]
    .map((ms) => ms / values.length)
    .find((ms) => ms > 0 && ms % DAY_MS === 0);
  if (lengthMs === undefined) return undefined;
  const bounds = Float64Array.from({ length: values.length + 1 }, (_, i) =>
    eventStartAfter(startMs, lengthMs, i, zone),
  );
  const isEven = bounds.every((bound, i) => bound === startMs + i * lengthMs);
  return isEven ? undefined : { lengthMs, bounds };
}
