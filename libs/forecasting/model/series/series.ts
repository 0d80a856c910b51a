import { HOUR_MS, ZoneClock } from '#lib/time';

/** Regular steps without values. */
export interface StepGrid {
  /** Start of the first event, epoch ms. With a `localZone`, its local time, written as if it were UTC. */
  startMs: number;
  /** Duration of an event, ms. */
  stepMs: number;
  /** Set if steps are regular in local time and not in UTC, for example days that start at local midnight. */
  localZone?: string;
}

/** Values at regular steps; NaN if unknown. */
export interface RegularSeries extends StepGrid {
  /** One value per step. */
  values: Float64Array;
}

/** Inputs of the forecasts of a series. */
export interface ForecastData {
  series: RegularSeries;
  /** IANA time zone of the series, for the daily and weekly pattern. */
  zone: string;
  /** Holidays, as local days since 1970-01-01. */
  holidays?: ReadonlySet<number>;
  /**
   * Other series that help to forecast, for instance weather. They are aligned with the steps of the series and cover the
   * steps to forecast. Each value must have been known at the belief time of the forecast of its step. NaN if unknown.
   */
  regressors?: readonly Float64Array[];
}

/** Start of a step, epoch ms. */
export function stepStartMs({ startMs, stepMs, localZone }: StepGrid, step: number): number {
  const ms = startMs + step * stepMs;
  return localZone === undefined ? ms : new ZoneClock(localZone).resolveLocal(ms);
}

/** The step that starts at a time (epoch ms); a fraction for times between two starts. */
export function stepAt({ startMs, stepMs, localZone }: StepGrid, momentMs: number): number {
  const ms = localZone === undefined ? momentMs : new ZoneClock(localZone).instantToLocal(momentMs);
  return (ms - startMs) / stepMs;
}

/** Events with one duration in a window; epoch ms. */
export interface EventsOnSteps {
  eventStarts: Float64Array;
  values: Float64Array;
  stepMs: number;
  fromMs: number;
  untilMs: number;
}

/**
 * Puts events on regular steps. The step offset is that of most events. Steps of more than an hour may be regular in local
 * time. Events that do not start at a step are ignored.
 */
export function toRegularSeries(
  { eventStarts, values: given, stepMs, fromMs, untilMs }: EventsOnSteps,
  zone: string,
): RegularSeries {
  const inUtc = mostCommonOffset(eventStarts, stepMs);
  const clock = new ZoneClock(zone);
  const local = (ms: number): number => clock.instantToLocal(ms);
  // A clock change is an hour: it does not matter for shorter steps.
  const byClock = stepMs > HOUR_MS ? mostCommonOffset(eventStarts.map(local), stepMs) : undefined;
  const isLocal = byClock !== undefined && byClock.count > inUtc.count;
  const toGrid = isLocal ? local : (ms: number): number => ms;
  const { offsetMs } = isLocal ? byClock : inUtc;
  const startMs = Math.ceil((toGrid(fromMs) - offsetMs) / stepMs) * stepMs + offsetMs;
  const length = Math.max(0, Math.ceil((toGrid(untilMs) - startMs) / stepMs));
  const values = new Float64Array(length).fill(NaN);
  eventStarts.forEach((eventStart, i) => {
    const step = (toGrid(eventStart) - startMs) / stepMs;
    if (Number.isInteger(step) && step >= 0 && step < length) values[step] = given[i]!;
  });
  return { startMs, stepMs, values, ...(isLocal && { localZone: zone }) };
}

/** The most common offset of times within a step, and how many times have it. */
function mostCommonOffset(momentsMs: Float64Array, stepMs: number): { offsetMs: number; count: number } {
  const counts = new Map<number, number>();
  for (const ms of momentsMs) {
    const offset = ((ms % stepMs) + stepMs) % stepMs;
    counts.set(offset, (counts.get(offset) ?? 0) + 1);
  }
  let best = { offsetMs: 0, count: 0 };
  for (const [offsetMs, count] of counts) if (count > best.count) best = { offsetMs, count };
  return best;
}
