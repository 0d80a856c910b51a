import { ceilToStep, DAY_MS, isOnStep } from '#lib/time';
import { emptyBeliefColumns, type BeliefColumns } from '../columns/belief-columns';
import { knowledgeTimesAt } from '../knowledge/knowledge-time';
import type { EventResampling } from './event-resampling';

/**
 * Beliefs about shorter events from beliefs about longer ones: flows are repeated, stocks split by time. Belief times
 * stay. An event of a day lasts until the clock shows the next midnight, 23 or 25 hours where the clocks change; no
 * event reaches into the next one.
 *
 * @param beliefs by event
 * @param nextEventStart of the first event after these, epoch milliseconds
 */
export function toShorterEvents(
  beliefs: BeliefColumns,
  resampling: EventResampling,
  nextEventStart?: number,
): BeliefColumns {
  const { fromMs, toMs, nature, knowledgeHorizon } = resampling;
  const { eventStarts, beliefHorizons, values } = beliefs;
  const starts = [...new Set(eventStarts)];
  const partsOf = new Map(
    starts.map((start, index) => [start, split(start, starts[index + 1] ?? nextEventStart, resampling)]),
  );
  const shorter = emptyBeliefColumns(eventStarts.reduce((sum, start) => sum + partsOf.get(start)!.length, 0));
  const beliefTimes = knowledgeTimesAt(eventStarts, fromMs, knowledgeHorizon);
  let at = 0;
  for (let row = 0; row < values.length; row++) {
    const parts = partsOf.get(eventStarts[row]!)!;
    const beliefTime = beliefTimes[row]! - beliefHorizons[row]!;
    for (const part of parts) {
      shorter.eventStarts[at] = part;
      shorter.beliefHorizons[at] = -beliefTime;
      shorter.sourceIds[at] = beliefs.sourceIds[row]!;
      shorter.cumulativeProbabilities[at] = beliefs.cumulativeProbabilities[row]!;
      shorter.values[at] = nature === 'flow' ? values[row]! : values[row]! / parts.length;
      at++;
    }
  }
  const knownAt = knowledgeTimesAt(shorter.eventStarts, toMs, knowledgeHorizon);
  for (let i = 0; i < at; i++) shorter.beliefHorizons[i]! += knownAt[i]!;
  return shorter;
}

/** Starts of the shorter events of one that starts at `start`. */
function split(start: number, next: number | undefined, { fromMs, toMs, zone }: EventResampling): number[] {
  const end = Math.min(endOf(start, next, fromMs, zone), next ?? Infinity);
  const parts = [];
  for (let part = start; part < end; part += toMs) parts.push(part);
  return parts;
}

/**
 * Where the clocks change, an event that starts at a step of the clock ends at the next step if another event starts
 * there, or if it lasts whole days.
 */
function endOf(start: number, next: number | undefined, fromMs: number, zone: string): number {
  if (!isOnStep(start, fromMs, zone)) return start + fromMs;
  const nextStep = ceilToStep(start + 1, fromMs, zone);
  return nextStep === next || fromMs % DAY_MS === 0 ? nextStep : start + fromMs;
}
