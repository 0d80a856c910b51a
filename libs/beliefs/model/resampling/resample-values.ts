import { runAtOnce, type Pausable } from '#lib/concurrency';
import { eventEnds, type Bins } from '#lib/time';
import { wholeAmount, type PartialRule } from './partial-amounts';
import { resampleInstants } from './resample-instants';
import type { Aggregation } from './aggregation';

/** One value per event. */
export interface EventValues {
  /** Epoch ms, ascending. */
  eventStarts: Float64Array;
  /** Aligned with `eventStarts`; NaN where unknown. */
  values: Float64Array;
}

/** What the values are about. */
export interface ResampledSensor {
  /** Length of the events; 0 for instantaneous sensors. */
  resolutionMs: number;
  aggregation: Aggregation;
  /** IANA zone whose clock tells how long days are. */
  zone: string;
  /** What an amount is in a bin of which only a part is known; unknown by default. */
  partial?: PartialRule;
}

/** One value per bin. */
export interface BinValues {
  /** NaN where unknown. */
  values: Float64Array;
  /** Number of bins whose amount is known only in part. */
  partialBins: number;
}

/**
 * Brings values onto bins, which may be longer or shorter than the events and need not be aligned with them.
 *
 * - A mean becomes the mean of what is known in each bin: each event counts by the share of it that lies in the bin. So
 *   a long event is repeated in short bins.
 * - An amount is divided over the bins by time, and summed. Where only a part of a bin is known, it is unknown or scaled up.
 * - Of an instantaneous sensor, a bin gets the value at its start.
 *
 * @param bins ascending, not overlapping
 * @returns one value per bin, NaN where nothing is known
 */
export function resampleValues(events: EventValues, sensor: ResampledSensor, bins: Bins): Float64Array {
  return runAtOnce(resampleValuesInSteps(events, sensor, bins)).values;
}

/** Bins that are filled between two pauses. */
const BINS_AT_ONCE = 16_384;

/** As `resampleValues`, with pauses. */
export function* resampleValuesInSteps(
  events: EventValues,
  sensor: ResampledSensor,
  bins: Bins,
): Pausable<BinValues> {
  const { eventStarts, values } = events;
  if (sensor.resolutionMs === 0)
    return { values: resampleInstants(eventStarts, values, bins.starts, 0), partialBins: 0 };
  const ends = eventEnds(eventStarts, sensor.resolutionMs, sensor.zone);
  yield;
  const result = new Float64Array(bins.starts.length).fill(NaN);
  let partialBins = 0;
  let event = 0;
  for (let bin = 0; bin < result.length; bin++) {
    const binStart = bins.starts[bin]!;
    const binEnd = bins.ends[bin]!;
    while (event < eventStarts.length && ends[event]! <= binStart) event++;
    let amount = 0;
    let shares = 0;
    let known = 0;
    let knownMs = 0;
    let last = NaN;
    for (let i = event; i < eventStarts.length && eventStarts[i]! < binEnd; i++) {
      if (Number.isNaN(values[i])) continue;
      last = values[i]!;
      const sharedMs = Math.min(binEnd, ends[i]!) - Math.max(binStart, eventStarts[i]!);
      const share = sharedMs / (ends[i]! - eventStarts[i]!);
      amount += last * share;
      shares += share;
      knownMs += sharedMs;
      known++;
    }
    if (sensor.aggregation === 'sum' && known > 0) {
      if (knownMs < binEnd - binStart) partialBins++;
      result[bin] = wholeAmount(amount, knownMs, binEnd - binStart, sensor.partial);
    }
    // The value of a single event is taken as it is: multiplying and dividing it could change its last digit.
    else if (known > 0) result[bin] = known === 1 ? last : amount / shares;
    if (bin % BINS_AT_ONCE === BINS_AT_ONCE - 1) yield;
  }
  return { values: result, partialBins };
}
