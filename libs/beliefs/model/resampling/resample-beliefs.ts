import { DomainError } from '#lib/errors';
import { eventEnds, floorToStep, isOnStep } from '#lib/time';
import { emptyBeliefColumns, pickBeliefs, pickValues, type BeliefColumns } from '../columns/belief-columns';
import { distributionOf, type Distribution } from '../columns/distribution';
import type { KnowledgeHorizon } from '../knowledge/knowledge-horizon';
import { beliefHorizonsAt, knowledgeTimesAt } from '../knowledge/knowledge-time';
import { meanOfIndependent, sumOfIndependent } from './convolution';
import { comparePartRows, forEachJointBelief, joinValues, type PartRows } from './longer-events';
import { splitEvents } from './shorter-events';
import { areCompatibleLengths, type ValueNature } from './value-nature';

/** How the events that beliefs are about change their length. */
export interface BeliefResampling {
  /** Length of the events that the beliefs are about, ms; 0 for instants, which can only become longer. */
  fromMs: number;
  /** Length of the events that beliefs are wanted about, ms: a multiple of `fromMs`, or a part of it. */
  toMs: number;
  /** IANA zone whose clock shows the steps at which longer events start. */
  zone: string;
  nature: ValueNature;
  knowledgeHorizon: KnowledgeHorizon;
}

/**
 * Beliefs about longer or shorter events, with their sources and belief times. Belief times stay the same; horizons
 * change with the moment at which the new events become known.
 *
 * - Longer events: the mean of flows and the sum of stocks, see `forEachJointBelief` for which beliefs follow. They
 *   start at the steps that the zone's clock shows, so a day has 23 or 25 hours where the clocks change. Probabilistic
 *   beliefs are taken as independent of each other, see `sumOfIndependent`.
 * - Shorter events: flows are repeated, stocks divided evenly. See `eventEnds` for how long an event lasts where the
 *   clocks change; it never reaches into the next one.
 * - Instants: the longer events get their mean, whatever the unit: a level of 5 kWh that is read twice stays 5 kWh. The
 *   belief is a measurement of the event once that is over, if all readings are measurements.
 *
 * @param beliefs ordered by event; all beliefs about the events of each longer event
 * @param nextEventStart epoch ms: where the first event after these starts, if there is one
 * @returns beliefs ordered by event, belief time, source and probability; the input itself if the length is the same
 * @throws DomainError INCOMPATIBLE_RESOLUTION
 */
export function resampleBeliefs(
  beliefs: BeliefColumns,
  resampling: BeliefResampling,
  nextEventStart?: number,
): BeliefColumns {
  const { fromMs, toMs } = resampling;
  if (fromMs === toMs) return beliefs;
  if (!areCompatibleLengths(fromMs, toMs)) {
    throw new DomainError(
      'INCOMPATIBLE_RESOLUTION',
      'One resolution must be a multiple of the other.',
      'resolution',
    );
  }
  return ordered(
    toMs > fromMs
      ? toLongerEvents(beliefs, resampling)
      : toShorterEvents(beliefs, resampling, nextEventStart),
  );
}

/** The beliefs about instants that are steps of a length on the zone's clock. */
export function pickInstantsOnSteps(beliefs: BeliefColumns, stepMs: number, zone: string): BeliefColumns {
  const rows = Array.from(beliefs.values.keys());
  return pickBeliefs(
    beliefs,
    rows.filter((row) => isOnStep(beliefs.eventStarts[row]!, stepMs, zone)),
  );
}

function toLongerEvents(beliefs: BeliefColumns, resampling: BeliefResampling): BeliefColumns {
  const { fromMs, toMs, knowledgeHorizon } = resampling;
  const parts = partRowsOf(beliefs, resampling);
  const knownAt = knowledgeTimesAt(parts.longerStarts, toMs, knowledgeHorizon);
  const joint: JointBelief[] = [];
  forEachJointBelief(parts, (latest, row) => {
    let horizon = knownAt[row]! - parts.beliefTimes[row]!;
    const isMeasured = fromMs === 0 && latest.every((part) => parts.beliefHorizons[part]! <= 0);
    // What was measured at instants measures the event once it is over: no other reading can come any more.
    if (isMeasured) horizon = Math.min(horizon, 0);
    const belief = { eventStart: parts.longerStarts[row]!, sourceId: parts.sourceIds[row]!, horizon, latest };
    const last = joint.at(-1);
    const isSameMoment =
      last?.eventStart === belief.eventStart && last.sourceId === belief.sourceId && last.horizon === horizon;
    if (isSameMoment) joint.pop();
    joint.push(belief);
  });
  const nature = fromMs === 0 ? 'flow' : resampling.nature;
  return columnsOf(joint, (rows) => joinDistributions(parts, rows, nature));
}

/** A belief about a longer event. */
interface JointBelief {
  eventStart: number;
  sourceId: number;
  horizon: number;
  /** Rows of the beliefs about its parts. */
  latest: readonly number[];
}

/** Beliefs as parts of longer events, in the order of `comparePartRows`. */
function partRowsOf(beliefs: BeliefColumns, { fromMs, toMs, zone, knowledgeHorizon }: BeliefResampling) {
  const longerStarts = new Float64Array(beliefs.values.length);
  for (const [row, start] of beliefs.eventStarts.entries()) {
    const isSameEvent = row > 0 && beliefs.eventStarts[row - 1] === start;
    longerStarts[row] = isSameEvent ? longerStarts[row - 1]! : floorToStep(start, toMs, zone);
  }
  const beliefTimes = knowledgeTimesAt(beliefs.eventStarts, fromMs, knowledgeHorizon).map(
    (knowledgeTime, row) => knowledgeTime - beliefs.beliefHorizons[row]!,
  );
  const order = Array.from(beliefs.values.keys()).sort(
    comparePartRows({ ...beliefs, longerStarts, beliefTimes }),
  );
  return {
    ...pickBeliefs(beliefs, order),
    longerStarts: pickValues(longerStarts, order),
    beliefTimes: pickValues(beliefTimes, order),
  };
}

/** The distribution of the mean or sum of parts. @param rows part by part */
function joinDistributions(
  parts: PartRows & BeliefColumns,
  rows: readonly number[],
  nature: ValueNature,
): Distribution {
  const points: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const isSamePart = i > 0 && parts.eventStarts[rows[i - 1]!] === parts.eventStarts[row];
    if (isSamePart) points.at(-1)!.push(row);
    else points.push([row]);
  }
  if (points.length === rows.length) {
    const cumulative = [parts.cumulativeProbabilities[rows[0]!]!];
    return { values: [joinValues(parts.values, rows, nature)], cumulative };
  }
  const distributions = points.map((ofPart) => distributionOf(parts, ofPart));
  if (distributions.length === 1) return distributions[0]!;
  return nature === 'flow' ? meanOfIndependent(distributions) : sumOfIndependent(distributions);
}

function columnsOf(
  beliefs: readonly JointBelief[],
  distributionOfRows: (rows: readonly number[]) => Distribution,
): BeliefColumns {
  const distributions = beliefs.map(({ latest }) => distributionOfRows(latest));
  const columns = emptyBeliefColumns(distributions.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const [i, { values, cumulative }] of distributions.entries()) {
    const end = at + values.length;
    columns.eventStarts.fill(beliefs[i]!.eventStart, at, end);
    columns.beliefHorizons.fill(beliefs[i]!.horizon, at, end);
    columns.sourceIds.fill(beliefs[i]!.sourceId, at, end);
    columns.values.set(values, at);
    columns.cumulativeProbabilities.set(cumulative, at);
    at = end;
  }
  return columns;
}

function toShorterEvents(
  beliefs: BeliefColumns,
  { fromMs, toMs, zone, nature, knowledgeHorizon }: BeliefResampling,
  nextEventStart = NaN,
): BeliefColumns {
  const { eventStarts, beliefHorizons, values } = beliefs;
  const starts = Float64Array.from(new Set(eventStarts));
  const ends = eventEnds(starts, fromMs, zone, NaN, nextEventStart);
  const endOf = new Map<number, number>();
  for (const [i, start] of starts.entries()) {
    const next = starts[i + 1] ?? nextEventStart;
    endOf.set(start, ends[i]! > next ? next : ends[i]!);
  }
  const parts = splitEvents(
    eventStarts,
    eventStarts.map((start) => endOf.get(start)!),
    values,
    toMs,
    nature,
  );
  const knownAt = knowledgeTimesAt(eventStarts, fromMs, knowledgeHorizon);
  const beliefTimes = pickValues(
    knownAt.map((knowledgeTime, row) => knowledgeTime - beliefHorizons[row]!),
    parts.rows,
  );
  return {
    ...pickBeliefs(beliefs, parts.rows),
    eventStarts: parts.eventStarts,
    values: parts.values,
    beliefHorizons: beliefHorizonsAt(parts.eventStarts, beliefTimes, toMs, knowledgeHorizon),
  };
}

/** Beliefs by event, belief time, source and probability. */
function ordered(beliefs: BeliefColumns): BeliefColumns {
  const { eventStarts, beliefHorizons, sourceIds } = beliefs;
  const rows = Array.from(eventStarts.keys()).sort(
    (one, other) =>
      eventStarts[one]! - eventStarts[other]! ||
      beliefHorizons[other]! - beliefHorizons[one]! ||
      sourceIds[one]! - sourceIds[other]!,
  );
  return pickBeliefs(beliefs, rows);
}
