/** What to forecast, and from which viewpoints. Times are epoch milliseconds, durations milliseconds. */
export interface ForecastWindow {
  /** Events to forecast: those that start from `startMs` on and before `endMs`. */
  startMs: number;
  endMs: number;
  /** Time from one viewpoint to the next. */
  frequencyMs: number;
  /** How far a viewpoint looks ahead; at least the frequency, so that all events are forecast. */
  maxHorizonMs: number;
}

/** One viewpoint of forecasts. Times are epoch milliseconds. */
export interface Viewpoint {
  /** Measurements of events that end at this time or earlier are used. */
  startMs: number;
  /** Events that start before this time are forecast. */
  untilMs: number;
  /** Belief time of the forecasts. */
  beliefTimeMs: number;
}

/**
 * The viewpoints of forecasts: one at the start of the window, and one more after each period. Belief times have the same
 * distance. Viewpoints in the future are one viewpoint now: nothing more is known there.
 * @param firstBeliefTimeMs belief time of the first viewpoint
 */
export function planViewpoints(
  window: ForecastWindow,
  firstBeliefTimeMs: number,
  nowMs: number,
): Viewpoint[] {
  const { startMs, endMs, frequencyMs, maxHorizonMs } = window;
  const viewpoints: Viewpoint[] = [];
  for (let from = startMs; from < endMs; from += frequencyMs) {
    const untilMs = Math.min(endMs, from + maxHorizonMs);
    const beliefTimeMs = Math.min(nowMs, firstBeliefTimeMs + from - startMs);
    const last = viewpoints[viewpoints.length - 1];
    if (last?.beliefTimeMs === beliefTimeMs) last.untilMs = untilMs;
    else viewpoints.push({ startMs: from, untilMs, beliefTimeMs });
  }
  return viewpoints;
}
