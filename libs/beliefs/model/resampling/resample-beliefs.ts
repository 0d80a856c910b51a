import { runAtOnce, type Pausable } from '#lib/concurrency';
import { DomainError } from '#lib/errors';
import { ceilToStep, eventEnds, floorToStep, isOnStep } from '#lib/time';
import { pickBeliefs, pickValues, type BeliefColumns } from '../columns/belief-columns';
import { BeliefList } from '../columns/belief-list';
import { distributionOf, type Distribution } from '../columns/distribution';
import { sortedOrder } from '../columns/sorted-order';
import type { KnowledgeHorizon } from '../knowledge/knowledge-horizon';
import { beliefHorizonsAt, beliefTimesInSteps, knowledgeTimesAt } from '../knowledge/knowledge-time';
import { meanOfIndependent, sumOfIndependent } from './convolution';
import { comparePartRows, forEachJointBelief, joinValues, type PartRows } from './longer-events';
import { countParts, wholeAmount, type PartialRule } from './partial-amounts';
import { splitEvents } from './shorter-events';
import { areCompatibleLengths, type Aggregation } from './aggregation';

/** How the events that beliefs are about change their length. */
export interface BeliefResampling {
  /** Length of the events that the beliefs are about, ms; 0 for instants, which can only become longer. */
  fromMs: number;
  /** Length of the events that beliefs are wanted about, ms: a multiple of `fromMs`, or a part of it. */
  toMs: number;
  /** IANA zone whose clock shows the steps at which longer events start. */
  zone: string;
  aggregation: Aggregation;
  knowledgeHorizon: KnowledgeHorizon;
  /** What the amount of a longer event is if only some of its parts are known; unknown by default, and left out then. */
  partial?: PartialRule;
  /** Is told of each belief about a longer event of whose amount only a part is known. */
  onPartial?: (eventStartMs: number) => unknown;
}

/** Beliefs that are looked at between two pauses. */
const ROWS_AT_ONCE = 8192;

/**
 * Beliefs about longer or shorter events, with their sources and belief times. Belief times stay the same; horizons
 * change with the moment at which the new events become known.
 *
 * - Longer events: the mean of means, and the sum of amounts whose parts are all known. See `forEachJointBelief` for which
 *   beliefs follow. They start at the steps that the zone's clock shows, so a day has 23 or 25 hours where the clocks
 *   change. Probabilistic beliefs are taken as independent of each other, see `sumOfIndependent`.
 * - Shorter events: means are repeated, amounts divided evenly. See `eventEnds` for how long an event lasts where the
 *   clocks change; it never reaches into the next one.
 * - Instants: the longer events get their mean, whatever the unit: a level of 5 kWh that is read twice stays 5 kWh. The
 *   belief is a measurement of the event once that is over, if all readings are measurements.
 *
 * @param beliefs ordered by event; all beliefs about the events of each longer event
 * @param nextEventStart epoch ms: where the first event after these starts, if there is one
 * @returns beliefs ordered by event, belief time, source and probability; the input itself if the length is the same
 * @param maxParts limit to the number of beliefs about parts that are joined, each as often as it is used
 * @throws DomainError INCOMPATIBLE_RESOLUTION; TooManyPartsError
 */
export function* resampleBeliefsInSteps(
  beliefs: BeliefColumns,
  resampling: BeliefResampling,
  { nextEventStart, maxParts }: { nextEventStart?: number; maxParts?: number } = {},
): Pausable<BeliefColumns> {
  const { fromMs, toMs } = resampling;
  if (fromMs === toMs) return beliefs;
  if (!areCompatibleLengths(fromMs, toMs)) {
    throw new DomainError(
      'INCOMPATIBLE_RESOLUTION',
      'One resolution must be a multiple of the other.',
      'resolution',
    );
  }
  return yield* ordered(
    toMs > fromMs
      ? yield* toLongerEvents(beliefs, resampling, maxParts)
      : yield* toShorterEvents(beliefs, resampling, nextEventStart),
  );
}

/** As `resampleBeliefsInSteps`, for a few thousand beliefs, without a pause. */
export function resampleBeliefs(
  beliefs: BeliefColumns,
  resampling: BeliefResampling,
  nextEventStart?: number,
): BeliefColumns {
  return runAtOnce(resampleBeliefsInSteps(beliefs, resampling, { nextEventStart }));
}

/** The beliefs about instants that are steps of a length on the zone's clock. */
export function* pickInstantsOnSteps(
  beliefs: BeliefColumns,
  stepMs: number,
  zone: string,
): Pausable<BeliefColumns> {
  const rows: number[] = [];
  for (let row = 0; row < beliefs.eventStarts.length; row++) {
    if (isOnStep(beliefs.eventStarts[row]!, stepMs, zone)) rows.push(row);
    if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
  }
  return pickBeliefs(beliefs, rows);
}

function* toLongerEvents(
  beliefs: BeliefColumns,
  resampling: BeliefResampling,
  maxParts?: number,
): Pausable<BeliefColumns> {
  const { fromMs, toMs, knowledgeHorizon } = resampling;
  const parts = yield* partRowsOf(beliefs, resampling);
  const knownAt = knowledgeTimesAt(parts.longerStarts, toMs, knowledgeHorizon);
  yield;
  const aggregation = fromMs === 0 ? 'mean' : resampling.aggregation;
  const found = new BeliefList();
  let last: JointBelief | undefined;
  const addLast = (): void => {
    if (!last) return;
    const joint = joinDistributions(parts, last.latest, aggregation);
    const scale = aggregation === 'mean' ? 1 : scaleToWhole(parts, last, resampling);
    if (!Number.isNaN(scale)) found.add(last, scale === 1 ? joint : scaled(joint, scale));
  };
  const visit = (latest: readonly number[], row: number): void => {
    let horizon = knownAt[row]! - parts.beliefTimes[row]!;
    const isMeasured = fromMs === 0 && latest.every((part) => parts.beliefHorizons[part]! <= 0);
    // What was measured at instants measures the event once it is over: no other reading can come any more.
    if (isMeasured) horizon = Math.min(horizon, 0);
    const belief = { eventStart: parts.longerStarts[row]!, sourceId: parts.sourceIds[row]!, horizon, latest };
    const isSameMoment =
      last?.eventStart === belief.eventStart && last.sourceId === belief.sourceId && last.horizon === horizon;
    // Of the beliefs with the same horizon, the last one counts.
    if (!isSameMoment) addLast();
    last = belief;
  };
  yield* forEachJointBelief(parts, visit, maxParts);
  addLast();
  return found.toColumns();
}

/** By how much the sum of the known parts of a longer event is too small; NaN if that makes it unknown. */
function scaleToWhole(
  parts: PartRows,
  { eventStart, latest }: JointBelief,
  { fromMs, toMs, zone, partial, onPartial }: BeliefResampling,
): number {
  const known = new Set(latest.map((row) => parts.eventStarts[row]!)).size;
  const whole = countParts(eventStart, ceilToStep(eventStart + 1, toMs, zone), fromMs, zone);
  if (known < whole) onPartial?.(eventStart);
  return wholeAmount(1, known, whole, partial);
}

const scaled = ({ values, cumulative }: Distribution, factor: number): Distribution => ({
  values: values.map((value) => value * factor),
  cumulative,
});

/** A belief about a longer event. */
interface JointBelief {
  eventStart: number;
  sourceId: number;
  horizon: number;
  /** Rows of the beliefs about its parts. */
  latest: readonly number[];
}

/** Beliefs as parts of longer events, in the order of `comparePartRows`. */
function* partRowsOf(
  beliefs: BeliefColumns,
  { fromMs, toMs, zone, knowledgeHorizon }: BeliefResampling,
): Pausable<BeliefColumns & PartRows & Required<Pick<PartRows, 'sourceIds' | 'cumulativeProbabilities'>>> {
  const { eventStarts, beliefHorizons } = beliefs;
  const longerStarts = new Float64Array(eventStarts.length);
  for (let row = 0; row < longerStarts.length; row++) {
    const isSameEvent = row > 0 && eventStarts[row - 1] === eventStarts[row];
    longerStarts[row] = isSameEvent ? longerStarts[row - 1]! : floorToStep(eventStarts[row]!, toMs, zone);
    if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
  }
  const beliefTimes = yield* beliefTimesInSteps(eventStarts, beliefHorizons, fromMs, knowledgeHorizon);
  const order = yield* sortedOrder(
    eventStarts.length,
    comparePartRows({ ...beliefs, longerStarts, beliefTimes }),
  );
  const picked = pickBeliefs(beliefs, order);
  yield;
  return {
    ...picked,
    longerStarts: pickValues(longerStarts, order),
    beliefTimes: pickValues(beliefTimes, order),
  };
}

/** The distribution of the mean or sum of parts. @param rows part by part */
function joinDistributions(
  parts: PartRows & BeliefColumns,
  rows: readonly number[],
  aggregation: Aggregation,
): Distribution {
  const points: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const isSamePart = i > 0 && parts.eventStarts[rows[i - 1]!] === parts.eventStarts[row];
    if (isSamePart) points.at(-1)!.push(row);
    else points.push([row]);
  }
  if (points.length === rows.length) {
    const cumulative = [parts.cumulativeProbabilities[rows[0]!]!];
    return { values: [joinValues(parts.values, rows, aggregation)], cumulative };
  }
  const distributions = points.map((ofPart) => distributionOf(parts, ofPart));
  if (distributions.length === 1) return distributions[0]!;
  return aggregation === 'mean' ? meanOfIndependent(distributions) : sumOfIndependent(distributions);
}

function* toShorterEvents(
  beliefs: BeliefColumns,
  { fromMs, toMs, zone, aggregation, knowledgeHorizon }: BeliefResampling,
  nextEventStart = NaN,
): Pausable<BeliefColumns> {
  const { eventStarts, beliefHorizons, values } = beliefs;
  const ends = endsOfRows(eventStarts, fromMs, zone, nextEventStart);
  yield;
  const parts = splitEvents(eventStarts, ends, values, { toMs, aggregation, zone });
  yield;
  const times = yield* beliefTimesInSteps(eventStarts, beliefHorizons, fromMs, knowledgeHorizon);
  const beliefTimes = pickValues(times, parts.rows);
  const horizons = beliefHorizonsAt(parts.eventStarts, beliefTimes, toMs, knowledgeHorizon);
  yield;
  const picked = pickBeliefs(beliefs, parts.rows);
  return { ...picked, eventStarts: parts.eventStarts, values: parts.values, beliefHorizons: horizons };
}

/** The end of each row's event, epoch ms. It never reaches into the next event. */
function endsOfRows(
  eventStarts: Float64Array,
  lengthMs: number,
  zone: string,
  nextEventStart: number,
): Float64Array {
  const isFirstRow = (start: number, row: number): boolean => row === 0 || start !== eventStarts[row - 1];
  const starts = eventStarts.filter(isFirstRow);
  const ends = eventEnds(starts, lengthMs, zone, NaN, nextEventStart);
  let event = -1;
  return eventStarts.map((start, row) => {
    if (isFirstRow(start, row)) event++;
    const next = starts[event + 1] ?? nextEventStart;
    return ends[event]! > next ? next : ends[event]!;
  });
}

/** Beliefs by event, belief time, source and probability. */
function* ordered(beliefs: BeliefColumns): Pausable<BeliefColumns> {
  const { eventStarts, beliefHorizons, sourceIds } = beliefs;
  const order = yield* sortedOrder(
    eventStarts.length,
    (one, other) =>
      eventStarts[one]! - eventStarts[other]! ||
      beliefHorizons[other]! - beliefHorizons[one]! ||
      sourceIds[one]! - sourceIds[other]!,
  );
  return pickBeliefs(beliefs, order);
}
