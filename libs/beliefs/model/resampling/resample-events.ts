import type { Bins } from './clock-grid';
import type { ValueNature } from './value-nature';

/**
 * Brings values of events that last some time onto other bins, finer or coarser. A flow becomes the mean over what is
 * known of each bin, weighted by time, so that coarse events are repeated in fine bins. A stock is shared out by time
 * and summed over what is known, so that it is split over fine bins.
 *
 * @param eventStarts epoch ms, ascending, not overlapping
 * @param values aligned with eventStarts; NaN counts as unknown
 * @param resolutionMs length of the events, above zero
 * @param bins ascending, not overlapping
 * @returns one value per bin, NaN where nothing is known
 */
export function resampleEvents(
  eventStarts: Float64Array,
  values: Float64Array,
  resolutionMs: number,
  bins: Bins,
  nature: ValueNature,
): Float64Array {
  const result = new Float64Array(bins.starts.length).fill(NaN);
  let event = 0;
  for (let bin = 0; bin < result.length; bin++) {
    const start = bins.starts[bin]!;
    const end = bins.ends[bin]!;
    while (event < eventStarts.length && eventStarts[event]! + resolutionMs <= start) event++;
    let amount = 0;
    let shares = 0;
    let events = 0;
    let last = NaN;
    for (let i = event; i < eventStarts.length && eventStarts[i]! < end; i++) {
      if (Number.isNaN(values[i])) continue;
      last = values[i]!;
      const sharedMs = Math.min(end, eventStarts[i]! + resolutionMs) - Math.max(start, eventStarts[i]!);
      const share = sharedMs / resolutionMs;
      amount += last * share;
      shares += share;
      events++;
    }
    if (nature === 'stock' && events > 0) result[bin] = amount;
    // A single event's value is taken as it is: dividing what was multiplied could miss it by a rounding.
    else if (events > 0) result[bin] = events === 1 ? last : amount / shares;
  }
  return result;
}
