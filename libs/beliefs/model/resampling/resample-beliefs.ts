import { DomainError } from '#lib/errors';
import { concatBeliefs, emptyBeliefColumns, type BeliefColumns } from '../columns/belief-columns';
import { distributionOf, type Distribution } from '../columns/distribution';
import type { KnowledgeHorizon } from '../knowledge/knowledge-horizon';
import { knowledgeTimesAt } from '../knowledge/knowledge-time';
import { meanOfIndependent, sumOfIndependent } from './convolution';
import type { ValueNature } from './value-nature';

export interface BeliefResampling {
  /** Length of the events that the beliefs are about, ms. */
  fromMs: number;
  /** Length of the events that beliefs are wanted about: a multiple of the former, or a part. */
  toMs: number;
  /** Epoch ms; longer events start at multiples of their length from here. */
  anchorMs: number;
  nature: ValueNature;
  knowledgeHorizon: KnowledgeHorizon;
}

/**
 * Beliefs about longer or shorter events, with who held them and when. The belief times stay; the horizons change with
 * the moment at which the new events become known.
 *
 * Longer events: what a source believed at each of its belief times, from what it then believed last about each of the
 * shorter events (whoever says nothing new still believes the old): the mean of flows, the sum of stocks, over what is
 * known. Probabilistic beliefs are taken as independent of each other, see `sumOfIndependent`.
 * Shorter events: flows are repeated, stocks split evenly.
 *
 * @returns beliefs ordered by event, belief time and source
 * @throws DomainError INCOMPATIBLE_RESOLUTION
 */
export function resampleBeliefs(beliefs: BeliefColumns, resampling: BeliefResampling): BeliefColumns {
  const { fromMs, toMs } = resampling;
  if (fromMs === toMs) return beliefs;
  const isCompatible = fromMs > 0 && toMs > 0 && (toMs % fromMs === 0 || fromMs % toMs === 0);
  if (!isCompatible) {
    throw new DomainError(
      'INCOMPATIBLE_RESOLUTION',
      'One resolution must be a multiple of the other.',
      'resolution',
    );
  }
  const held = wholeBeliefs(beliefs, resampling);
  const resampled = toMs > fromMs ? lengthened(held, resampling) : shortened(held, resampling);
  resampled.sort(
    (a, b) => a.eventStart - b.eventStart || a.beliefTime - b.beliefTime || a.sourceId - b.sourceId,
  );
  return toColumns(resampled, resampling);
}

/** What one source believed about one event from some time on. */
interface HeldBelief {
  eventStart: number;
  beliefTime: number;
  sourceId: number;
  distribution: Distribution;
}

function wholeBeliefs(beliefs: BeliefColumns, { fromMs, knowledgeHorizon }: BeliefResampling): HeldBelief[] {
  const knowledgeTimes = knowledgeTimesAt(beliefs.eventStarts, fromMs, knowledgeHorizon);
  const rowsByBelief = new Map<string, number[]>();
  for (let row = 0; row < knowledgeTimes.length; row++) {
    const key = `${beliefs.eventStarts[row]!} ${beliefs.beliefHorizons[row]!} ${beliefs.sourceIds[row]!}`;
    rowsByBelief.set(key, [...(rowsByBelief.get(key) ?? []), row]);
  }
  return [...rowsByBelief.values()].map((rows) => ({
    eventStart: beliefs.eventStarts[rows[0]!]!,
    beliefTime: knowledgeTimes[rows[0]!]! - beliefs.beliefHorizons[rows[0]!]!,
    sourceId: beliefs.sourceIds[rows[0]!]!,
    distribution: distributionOf(beliefs, rows),
  }));
}

function lengthened(held: readonly HeldBelief[], { toMs, anchorMs, nature }: BeliefResampling): HeldBelief[] {
  const binOf = (start: number) => anchorMs + Math.floor((start - anchorMs) / toMs) * toMs;
  const groups = new Map<string, HeldBelief[]>();
  for (const belief of held) {
    const key = `${binOf(belief.eventStart)} ${belief.sourceId}`;
    groups.set(key, [...(groups.get(key) ?? []), belief]);
  }
  return [...groups.values()].flatMap((group) => {
    const { eventStart, sourceId } = group[0]!;
    const beliefTimes = new Set(group.map(({ beliefTime }) => beliefTime));
    return Array.from(beliefTimes, (beliefTime) => ({
      eventStart: binOf(eventStart),
      beliefTime,
      sourceId,
      distribution: joined(heldAt(beliefTime, group), nature),
    }));
  });
}

/** What the source believed at a time about each event, where it believed anything. */
function heldAt(time: number, group: readonly HeldBelief[]): Distribution[] {
  const latest = new Map<number, HeldBelief>();
  for (const belief of group) {
    const other = latest.get(belief.eventStart);
    const isLater = !other || other.beliefTime < belief.beliefTime;
    if (belief.beliefTime <= time && isLater) latest.set(belief.eventStart, belief);
  }
  return Array.from(latest.values(), ({ distribution }) => distribution);
}

function joined(parts: readonly Distribution[], nature: ValueNature): Distribution {
  if (parts.length === 1) return parts[0]!;
  const joint = nature === 'flow' ? meanOfIndependent(parts) : sumOfIndependent(parts);
  const isDeterministic = parts.every(({ values }) => values.length === 1);
  return isDeterministic ? { values: joint.values, cumulative: parts[0]!.cumulative } : joint;
}

function shortened(held: readonly HeldBelief[], { fromMs, toMs, nature }: BeliefResampling): HeldBelief[] {
  const parts = fromMs / toMs;
  return held.flatMap((belief) => {
    const { values, cumulative } = belief.distribution;
    const share = { values: nature === 'flow' ? values : values.map((value) => value / parts), cumulative };
    return Array.from({ length: parts }, (_, part) => ({
      ...belief,
      eventStart: belief.eventStart + part * toMs,
      distribution: share,
    }));
  });
}

function toColumns(held: readonly HeldBelief[], { toMs, knowledgeHorizon }: BeliefResampling): BeliefColumns {
  const parts = held.map(({ eventStart, beliefTime, sourceId, distribution }) => {
    const columns = emptyBeliefColumns(distribution.values.length);
    columns.eventStarts.fill(eventStart);
    const [knowledgeTime] = knowledgeTimesAt(columns.eventStarts.subarray(0, 1), toMs, knowledgeHorizon);
    columns.beliefHorizons.fill(knowledgeTime! - beliefTime);
    columns.sourceIds.fill(sourceId);
    columns.cumulativeProbabilities.set(distribution.cumulative);
    columns.values.set(distribution.values);
    return columns;
  });
  return concatBeliefs(parts);
}
