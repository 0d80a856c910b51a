import { ZoneClock } from '#lib/time';

/**
 * What an amount (energy, volume) of a longer event is if only some of its parts are known: unknown, or scaled up from
 * these parts to the whole event. A part of the amount is never taken for the whole.
 */
export type PartialRule = 'unknown' | 'scale';

/**
 * How many events of one length a longer event has. Where the clocks change, it may be longer or shorter than its
 * nominal length, and so may one of its parts.
 *
 * @param startMs of the longer event, epoch ms
 * @param endMs exclusive
 * @param partMs length of the parts
 * @param zone IANA zone on whose clock the events start
 */
export function countParts(startMs: number, endMs: number, partMs: number, zone: string): number {
  const exact = (endMs - startMs) / partMs;
  if (Number.isInteger(exact)) return exact;
  const clock = new ZoneClock(zone);
  return Math.round((clock.instantToLocal(endMs) - clock.instantToLocal(startMs)) / partMs);
}

/** Scales the sum of known parts up to the whole; NaN if parts are missing and the rule says unknown. */
export function wholeAmount(
  sum: number,
  known: number,
  whole: number,
  rule: PartialRule = 'unknown',
): number {
  if (known >= whole) return sum;
  return rule === 'scale' ? (sum * whole) / known : NaN;
}
