/**
 * Brings one value per event onto other steps: the mean over each step of what is known in it, weighted by how long
 * an event lasts within the step. So finer events are averaged and coarser ones repeated.
 *
 * @param eventStarts epoch ms, ascending
 * @param values aligned with eventStarts: powers, prices or other means over their events (not stocks)
 * @param eventResolutionMs length of the events; 0 for instants, which count for the step they fall into
 * @param startMs start of the first step, epoch ms
 * @param stepMs length of a step
 * @returns one value per step, NaN where nothing is known
 */
export function valuesOnSteps(
  eventStarts: Float64Array,
  values: Float64Array,
  eventResolutionMs: number,
  startMs: number,
  stepMs: number,
  steps: number,
): Float64Array {
  const sums = new Float64Array(steps);
  const weights = new Float64Array(steps);
  for (let i = 0; i < eventStarts.length; i++) {
    const from = eventStarts[i]!;
    const to = from + eventResolutionMs;
    const first = Math.max(0, Math.floor((from - startMs) / stepMs));
    const last =
      eventResolutionMs === 0 ? first : Math.min(steps - 1, Math.ceil((to - startMs) / stepMs) - 1);
    for (let step = first; step <= last && step < steps; step++) {
      const stepStart = startMs + step * stepMs;
      if (eventResolutionMs === 0 && (from < stepStart || from >= stepStart + stepMs)) continue;
      const weight =
        eventResolutionMs === 0 ? 1 : Math.min(to, stepStart + stepMs) - Math.max(from, stepStart);
      sums[step]! += values[i]! * weight;
      weights[step]! += weight;
    }
  }
  return sums.map((sum, step) => sum / weights[step]!);
}
