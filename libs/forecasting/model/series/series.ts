import { HOUR_MS, ZoneClock } from '#lib/time';

/** Values at equal steps; NaN where nothing is known. */
export interface RegularSeries {
  /** Start of the first event, epoch ms; with a `localZone`, what its clocks showed then, written as if it were UTC. */
  startMs: number;
  /** Length of an event, ms. */
  stepMs: number;
  /** One value per step. */
  values: Float64Array;
  /** Where steps are equal by the clocks of a zone and not in UTC: days, say, that begin at midnight all year. */
  localZone?: string;
}

/** What forecasts of a series are made from. */
export interface ForecastData {
  series: RegularSeries;
  /** IANA zone in which people live who make the series what it is. */
  zone: string;
  /** Days since 1970-01-01 in local time that are holidays. */
  holidays?: ReadonlySet<number>;
  /**
   * Other series that help, for instance weather: aligned with the steps of the series and reaching as far beyond it as
   * forecasts are wanted. Each value must have been known when a forecast for its step was made. NaN where unknown.
   */
  regressors?: readonly Float64Array[];
}

/** When a step begins, epoch ms. */
export function stepStartMs({ startMs, stepMs, localZone }: RegularSeries, step: number): number {
  const ms = startMs + step * stepMs;
  return localZone === undefined ? ms : new ZoneClock(localZone).resolveLocal(ms);
}

/** Which step begins at a moment; a fraction where the moment lies between. */
export function stepAt({ startMs, stepMs, localZone }: RegularSeries, momentMs: number): number {
  const ms = localZone === undefined ? momentMs : new ZoneClock(localZone).instantToLocal(momentMs);
  return (ms - startMs) / stepMs;
}

/** Events of one length in a window; epoch ms. */
export interface EventsOnSteps {
  eventStarts: Float64Array;
  values: Float64Array;
  stepMs: number;
  fromMs: number;
  untilMs: number;
}

/**
 * The series that most of the events are on: their steps need not begin with the hour, and longer ones may begin at the
 * same local time all year. Events that begin between its steps are left out.
 */
export function toRegularSeries(
  { eventStarts, values: given, stepMs, fromMs, untilMs }: EventsOnSteps,
  zone: string,
): RegularSeries {
  const inUtc = mostCommonOffset(eventStarts, stepMs);
  const clock = new ZoneClock(zone);
  const local = (ms: number): number => clock.instantToLocal(ms);
  // Clocks change by an hour: shorter steps begin with the same minutes as before.
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

/** Where in a step most moments lie, and how many of them do. */
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
