import { floorToStep } from '#lib/time';
import { concatBeliefs, emptyBeliefColumns, type BeliefColumns } from '../columns/belief-columns';
import { distributionOf } from '../columns/distribution';
import { knowledgeTimesAt } from '../knowledge/knowledge-time';
import { meanOfIndependent, sumOfIndependent } from './convolution';
import type { EventResampling } from './event-resampling';

/** What one source believed about one event from some time on. */
interface HeldBelief {
  /** Epoch milliseconds. */
  eventStart: number;
  beliefTime: number;
  /** Whether it was held after the fact. */
  isMeasured: boolean;
  /** Rows of the belief: one, or the points of its distribution. */
  rows: number[];
}

/** What one source believed at one time about each event of a longer one, as far as it believed anything. */
interface Picture {
  beliefTime: number;
  parts: HeldBelief[];
}

/**
 * Beliefs about longer events from beliefs about shorter ones, each source by itself: the mean of flows, the sum of
 * stocks, over the events that the source believed anything about. Belief times stay. A belief about the longer event
 * exists from when the source's picture is complete, so that a series of measurements gives one measurement, of the
 * same horizon, and not a guess with each of its values; later beliefs about a part give later beliefs about the whole.
 * Longer events start at the steps that the zone's clock shows; a day has 23 or 25 hours where the clocks change.
 *
 * Instants give the events that they lie in their mean, whatever the unit: a level of 5 kWh that is read twice stays one
 * of 5 kWh. What was measured at instants is a measurement of the event once that is over, as no other reading can come
 * any more.
 *
 * @param beliefs by event; all beliefs about the events of each longer event
 */
export function toLongerEvents(beliefs: BeliefColumns, resampling: EventResampling): BeliefColumns {
  const { toMs, knowledgeHorizon } = resampling;
  const parts: BeliefColumns[] = [];
  for (const { longerStart, sourceId, held } of bySource(beliefs, resampling)) {
    const [knowledgeTime] = knowledgeTimesAt(Float64Array.of(longerStart), toMs, knowledgeHorizon);
    const horizonOf = ({ beliefTime, parts: held }: Picture): number => {
      const horizon = knowledgeTime! - beliefTime;
      const isMeasured = resampling.fromMs === 0 && held.every((belief) => belief.isMeasured);
      return isMeasured ? Math.min(horizon, 0) : horizon;
    };
    const pictures = completePictures(held);
    pictures.forEach((picture, index) => {
      const horizon = horizonOf(picture);
      const next = pictures[index + 1];
      if (next && horizonOf(next) === horizon) return;
      const joined = join(beliefs, picture, resampling);
      joined.eventStarts.fill(longerStart);
      joined.sourceIds.fill(sourceId);
      joined.beliefHorizons.fill(horizon);
      parts.push(joined);
    });
  }
  return concatBeliefs(parts);
}

/** Whole beliefs, by longer event and source. */
function bySource(beliefs: BeliefColumns, { fromMs, toMs, zone, knowledgeHorizon }: EventResampling) {
  const knowledgeTimes = knowledgeTimesAt(beliefs.eventStarts, fromMs, knowledgeHorizon);
  const groups = new Map<string, { longerStart: number; sourceId: number; held: HeldBelief[] }>();
  const wholes = new Map<string, HeldBelief>();
  let eventStart = NaN;
  let longerStart = NaN;
  for (let row = 0; row < beliefs.values.length; row++) {
    if (beliefs.eventStarts[row] !== eventStart) {
      eventStart = beliefs.eventStarts[row]!;
      longerStart = floorToStep(eventStart, toMs, zone);
      wholes.clear();
    }
    const sourceId = beliefs.sourceIds[row]!;
    const key = `${sourceId} ${beliefs.beliefHorizons[row]!}`;
    const whole = wholes.get(key);
    if (whole) {
      whole.rows.push(row);
      continue;
    }
    const belief = {
      eventStart,
      beliefTime: knowledgeTimes[row]! - beliefs.beliefHorizons[row]!,
      isMeasured: beliefs.beliefHorizons[row]! <= 0,
      rows: [row],
    };
    wholes.set(key, belief);
    const groupKey = `${longerStart} ${sourceId}`;
    const group = groups.get(groupKey) ?? { longerStart, sourceId, held: [] };
    group.held.push(belief);
    groups.set(groupKey, group);
  }
  return groups.values();
}

function completePictures(held: HeldBelief[]): Picture[] {
  const events = new Set(held.map(({ eventStart }) => eventStart)).size;
  const ordered = held.toSorted((one, other) => one.beliefTime - other.beliefTime);
  const latest = new Map<number, HeldBelief>();
  const pictures: Picture[] = [];
  ordered.forEach((belief, index) => {
    latest.set(belief.eventStart, belief);
    const isLastOfItsTime = ordered[index + 1]?.beliefTime !== belief.beliefTime;
    if (isLastOfItsTime && latest.size === events)
      pictures.push({ beliefTime: belief.beliefTime, parts: [...latest.values()] });
  });
  return pictures;
}

/** Values and cumulative probabilities of a picture; distributions are taken as independent of each other. */
function join(beliefs: BeliefColumns, { parts }: Picture, { nature }: EventResampling): BeliefColumns {
  if (parts.every(({ rows }) => rows.length === 1)) {
    const columns = emptyBeliefColumns(1);
    const sum = parts.reduce((total, { rows }) => total + beliefs.values[rows[0]!]!, 0);
    columns.values[0] = nature === 'flow' ? sum / parts.length : sum;
    columns.cumulativeProbabilities[0] = beliefs.cumulativeProbabilities[parts[0]!.rows[0]!]!;
    return columns;
  }
  const distributions = parts.map(({ rows }) => distributionOf(beliefs, rows));
  const joint = nature === 'flow' ? meanOfIndependent(distributions) : sumOfIndependent(distributions);
  const columns = emptyBeliefColumns(joint.values.length);
  columns.values.set(joint.values);
  columns.cumulativeProbabilities.set(joint.cumulative);
  return columns;
}
