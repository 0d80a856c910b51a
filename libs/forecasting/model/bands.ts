import type { TrainedModel } from './training';

/** Errors to expect of forecasts of one size. */
interface ErrorGroup {
  /** Largest forecast of the group. */
  upTo: number;
  /** One per quantile asked for. */
  offsets: Float64Array;
}

/** What to add to a forecast to get quantiles; see `bandsOf`. */
export interface Bands {
  quantiles: readonly number[];
  groups: ErrorGroup[];
}

const MAX_GROUPS = 6;
const MIN_GROUP_SIZE = 30;

/**
 * Quantiles of the errors that a model made on steps it was not fitted to, apart for forecasts of different size: at
 * night nothing is uncertain about the sun, and wind is most uncertain in between. Errors are taken as exchangeable
 * within a group (split conformal prediction: Papadopoulos et al., 2002; Vovk et al., "Algorithmic Learning in a Random
 * World", 2005), so that the share of values below a quantile is right whatever their distribution.
 * @param quantiles cumulative probabilities in (0, 1), ascending
 */
export function bandsOf({ validation }: TrainedModel, quantiles: readonly number[]): Bands {
  const { forecasts, errors } = validation;
  const order = Array.from(forecasts.keys()).sort((a, b) => forecasts[a]! - forecasts[b]!);
  const count = Math.max(1, Math.min(MAX_GROUPS, Math.floor(order.length / MIN_GROUP_SIZE)));
  const groups = Array.from({ length: count }, (_, group) => {
    const from = Math.floor((group * order.length) / count);
    const until = Math.floor(((group + 1) * order.length) / count);
    const members = Float64Array.from(order.slice(from, until), (i) => errors[i]!).sort();
    return {
      upTo: group === count - 1 ? Infinity : forecasts[order[until - 1]!]!,
      offsets: Float64Array.from(quantiles, (quantile) => errorQuantile(members, quantile)),
    };
  });
  return { quantiles, groups };
}

/**
 * Values at the bands' quantiles around a forecast, ascending and within the bounds of the model.
 * @param width factor on the distances from the forecast; see `nextWidth`
 */
export function quantilesAround(
  forecast: number,
  { groups }: Bands,
  { lowest, highest }: TrainedModel['bounds'],
  width = 1,
): Float64Array {
  const group = groups.find(({ upTo }) => forecast <= upTo) ?? groups[groups.length - 1]!;
  return group.offsets.map((offset) => Math.min(highest, Math.max(lowest, forecast + width * offset))).sort();
}

/** Quantile of errors to come: as if one more error were to fall anywhere between the n known ones (n + 1 places). */
function errorQuantile(sorted: Float64Array, quantile: number): number {
  const position = quantile * (sorted.length + 1) - 1;
  const below = Math.min(sorted.length - 1, Math.max(0, Math.floor(position)));
  const above = Math.min(sorted.length - 1, below + 1);
  const part = Math.min(1, Math.max(0, position - below));
  return sorted[below]! + part * (sorted[above]! - sorted[below]!);
}

const STEP = 0.5;

/**
 * Factor on the width of bands after some of their values came: wider when too few fell inside, narrower when too many
 * did, so that coverage comes right in the long run even where a series changes its ways (adaptive conformal inference:
 * Gibbs and Candès, 2021).
 * @param covered share of the latest values, say of a day, that fell inside, of those that could fall outside
 * @param nominal share that should
 */
export function nextWidth(width: number, covered: number, nominal: number): number {
  return Math.min(4, Math.max(0.25, width * Math.exp(STEP * (nominal - covered))));
}
