import { clamp, type TrainedModel } from './training';

/** Error quantiles for forecasts of similar size. */
interface ErrorGroup {
  /** The largest forecast of the group. */
  upTo: number;
  /** Distance of each quantile from the forecast. */
  offsets: Float64Array;
}

/** Distances of quantiles from a forecast; see `fitPredictionIntervals`. */
export interface PredictionIntervals {
  quantiles: readonly number[];
  groups: ErrorGroup[];
}

type Validation = TrainedModel['validation'];

/** Intervals that are narrower than this part of the range of values are certain and do not count in the coverage. */
export const NEGLIGIBLE_WIDTH = 1e-3;

const MAX_GROUPS = 6;
const MIN_GROUP_SIZE = 30;
/** Number of consecutive blocks of the validation steps, to determine the initial width factor. */
const VALIDATION_BLOCKS = 6;
const MIN_WIDTH_FACTOR = 0.5;
const MAX_WIDTH_FACTOR = 3;

/**
 * Prediction intervals from the errors of a model on its validation steps, grouped by the size of the forecast: solar power
 * at night is certain, wind power is most uncertain at medium power. Errors are assumed to be exchangeable within a group
 * (split conformal prediction: Papadopoulos et al., 2002; Vovk et al., "Algorithmic Learning in a Random World", 2005).
 * As series change over time, intervals need a width factor: see `initialWidthFactor` and `adaptWidthFactor`.
 * @param quantiles cumulative probabilities in (0, 1), ascending
 */
export function fitPredictionIntervals(
  { validation }: Pick<TrainedModel, 'validation'>,
  quantiles: readonly number[],
): PredictionIntervals {
  return { quantiles, groups: groupErrors(validation, quantiles) };
}

/**
 * Values of the quantiles for a forecast, ascending and within the bounds of the model.
 * @param widthFactor factor on the distances from the middle; see `adaptWidthFactor`
 */
export function quantilesAround(
  forecast: number,
  { groups }: PredictionIntervals,
  bounds: TrainedModel['bounds'],
  widthFactor = 1,
): Float64Array {
  const { offsets } = findGroup(groups, forecast);
  const middle = middleOffset(offsets);
  return offsets.map((offset) => clamp(forecast + middle + widthFactor * (offset - middle), bounds)).sort();
}

const ADAPTATION_RATE = 0.5;

/**
 * Updates the width factor of prediction intervals with new values: wider if too few values were inside, narrower if too
 * many were. In the long run, the coverage is correct also for series that change (adaptive conformal inference: Gibbs and
 * Candès, 2021).
 * @param covered share of the latest values that were inside their interval; intervals without width do not count
 * @param nominal the wanted share
 */
export function adaptWidthFactor(widthFactor: number, covered: number, nominal: number): number {
  return Math.min(4, Math.max(0.25, widthFactor * Math.exp(ADAPTATION_RATE * (nominal - covered))));
}

const findGroup = (groups: ErrorGroup[], forecast: number): ErrorGroup =>
  groups.find(({ upTo }) => forecast <= upTo) ?? groups[groups.length - 1]!;

/** The middle of an interval: the median, or the mean of the two middle quantiles. */
const middleOffset = (offsets: Float64Array): number =>
  (offsets[Math.floor((offsets.length - 1) / 2)]! + offsets[Math.ceil((offsets.length - 1) / 2)]!) / 2;

function groupErrors({ forecasts, errors }: Validation, quantiles: readonly number[]): ErrorGroup[] {
  const order = Array.from(forecasts.keys()).sort((a, b) => forecasts[a]! - forecasts[b]!);
  const count = Math.max(1, Math.min(MAX_GROUPS, Math.floor(order.length / MIN_GROUP_SIZE)));
  return Array.from({ length: count }, (_, group) => {
    const from = Math.floor((group * order.length) / count);
    const until = Math.floor(((group + 1) * order.length) / count);
    const members = Float64Array.from(order.slice(from, until), (i) => errors[i]!).sort();
    return {
      upTo: group === count - 1 ? Infinity : forecasts[order[until - 1]!]!,
      offsets: Float64Array.from(quantiles, (quantile) => errorQuantile(members, quantile)),
    };
  });
}

/**
 * The width factor with which intervals from earlier errors would have covered the wanted share of later errors. It is the
 * quantile of the factors that the later errors would have needed (scores of normalised conformal prediction: Papadopoulos
 * et al., "Regression conformal prediction with nearest neighbours", 2011). 1 if there are too few errors.
 */
export function initialWidthFactor(
  { targets, forecasts, errors }: Validation,
  quantiles: readonly number[],
): number {
  const size = Math.floor(errors.length / VALIDATION_BLOCKS);
  if (size < MIN_GROUP_SIZE || quantiles.length < 2) return 1;
  const scores: number[] = [];
  for (let block = 1; block < VALIDATION_BLOCKS; block++) {
    const [from, until] = [block * size, Math.min(errors.length, (block + 1) * size)];
    const earlier = {
      targets: targets.subarray(0, from),
      forecasts: forecasts.subarray(0, from),
      errors: errors.subarray(0, from),
    };
    const groups = groupErrors(earlier, quantiles);
    for (let i = from; i < until; i++) {
      const { offsets } = findGroup(groups, forecasts[i]!);
      const middle = middleOffset(offsets);
      const distance = errors[i]! - middle;
      const room = distance > 0 ? offsets[offsets.length - 1]! - middle : middle - offsets[0]!;
      // Intervals without width are certain and do not count.
      if (room > 0) scores.push(Math.abs(distance) / room);
    }
  }
  if (scores.length < MIN_GROUP_SIZE) return 1;
  const share = quantiles[quantiles.length - 1]! - quantiles[0]!;
  return Math.min(
    MAX_WIDTH_FACTOR,
    Math.max(MIN_WIDTH_FACTOR, errorQuantile(Float64Array.from(scores).sort(), share)),
  );
}

/** Quantile of a future error, which falls into each of the n + 1 gaps of the n known errors with equal probability. */
function errorQuantile(sorted: Float64Array, quantile: number): number {
  const position = quantile * (sorted.length + 1) - 1;
  const below = Math.min(sorted.length - 1, Math.max(0, Math.floor(position)));
  const above = Math.min(sorted.length - 1, below + 1);
  const part = Math.min(1, Math.max(0, position - below));
  return sorted[below]! + part * (sorted[above]! - sorted[below]!);
}
