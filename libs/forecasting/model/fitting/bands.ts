import { clamped, type TrainedModel } from './training';

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

type Validation = TrainedModel['validation'];

/** Width of a band, in parts of the range of values, within which nothing is uncertain: such steps tell no coverage. */
export const CERTAIN_WIDTH = 1e-3;

const MAX_GROUPS = 6;
const MIN_GROUP_SIZE = 30;
/** The validated steps are tried in so many blocks, one after the other, to see how wide bands have to be. */
const BLOCKS = 6;
const MIN_WIDTH = 0.5;
const MAX_WIDTH = 3;

/**
 * Quantiles of the errors that a model made on steps it was not fitted to, apart for forecasts of different size: at
 * night nothing is uncertain about the sun, and wind is most uncertain in between. Errors are taken as exchangeable
 * within a group (split conformal prediction: Papadopoulos et al., 2002; Vovk et al., "Algorithmic Learning in a Random
 * World", 2005). As series change their ways, bands need to be wider than the past alone says: see `firstWidth` and
 * `nextWidth`.
 * @param quantiles cumulative probabilities in (0, 1), ascending
 */
export function bandsOf(
  { validation }: Pick<TrainedModel, 'validation'>,
  quantiles: readonly number[],
): Bands {
  return { quantiles, groups: groupsOf(validation, quantiles) };
}

/**
 * Values at the bands' quantiles around a forecast, ascending and within the bounds of the model.
 * @param width factor on the distances from the middle; see `nextWidth`
 */
export function quantilesAround(
  forecast: number,
  { groups }: Bands,
  bounds: TrainedModel['bounds'],
  width = 1,
): Float64Array {
  const { offsets } = groupOf(groups, forecast);
  const middle = middleOf(offsets);
  return offsets.map((offset) => clamped(forecast + middle + width * (offset - middle), bounds)).sort();
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

const groupOf = (groups: ErrorGroup[], forecast: number): ErrorGroup =>
  groups.find(({ upTo }) => forecast <= upTo) ?? groups[groups.length - 1]!;

/** What lies in the middle of a band: its median, or between its two middle quantiles. */
const middleOf = (offsets: Float64Array): number =>
  (offsets[Math.floor((offsets.length - 1) / 2)]! + offsets[Math.ceil((offsets.length - 1) / 2)]!) / 2;

function groupsOf({ forecasts, errors }: Validation, quantiles: readonly number[]): ErrorGroup[] {
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
 * Factor by which bands made of earlier errors have to be wider to cover their share of the later ones: that share of
 * the factors which each later error would have needed (scores of normalised conformal prediction: Papadopoulos et al.,
 * "Regression conformal prediction with nearest neighbours", 2011). 1 where there are too few errors to tell.
 */
export function firstWidth({ targets, forecasts, errors }: Validation, quantiles: readonly number[]): number {
  const size = Math.floor(errors.length / BLOCKS);
  if (size < MIN_GROUP_SIZE || quantiles.length < 2) return 1;
  const scores: number[] = [];
  for (let block = 1; block < BLOCKS; block++) {
    const [from, until] = [block * size, Math.min(errors.length, (block + 1) * size)];
    const earlier = {
      targets: targets.subarray(0, from),
      forecasts: forecasts.subarray(0, from),
      errors: errors.subarray(0, from),
    };
    const groups = groupsOf(earlier, quantiles);
    for (let i = from; i < until; i++) {
      const { offsets } = groupOf(groups, forecasts[i]!);
      const middle = middleOf(offsets);
      const distance = errors[i]! - middle;
      const room = distance > 0 ? offsets[offsets.length - 1]! - middle : middle - offsets[0]!;
      // Where the band has no room, nothing is uncertain: such steps say nothing about its width.
      if (room > 0) scores.push(Math.abs(distance) / room);
    }
  }
  if (scores.length < MIN_GROUP_SIZE) return 1;
  const share = quantiles[quantiles.length - 1]! - quantiles[0]!;
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, errorQuantile(Float64Array.from(scores).sort(), share)));
}

/** Quantile of errors to come: as if one more error were to fall anywhere between the n known ones (n + 1 places). */
function errorQuantile(sorted: Float64Array, quantile: number): number {
  const position = quantile * (sorted.length + 1) - 1;
  const below = Math.min(sorted.length - 1, Math.max(0, Math.floor(position)));
  const above = Math.min(sorted.length - 1, below + 1);
  const part = Math.min(1, Math.max(0, position - below));
  return sorted[below]! + part * (sorted[above]! - sorted[below]!);
}
