import { DomainError } from '#lib/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, snapToStep, ZoneClock } from '#lib/time';
import { converter, convertValues } from '#lib/units';
import type { EventValues } from '../resampling/resample-values';
import { splitEvents } from '../resampling/shorter-events';
import { valueNatureOf } from '../resampling/value-nature';
import { findPostedDays, startsOnClock, type PostedDays } from './posted-days';
import type { SignRule } from './posted-sign';

/** Consecutive values over a time interval, as a message posts them. */
export interface PostedSeries {
  /** Epoch ms. */
  startMs: number;
  /** Of all values together, ms. */
  durationMs: number;
  /** In `unit`; NaN holds the place of an unknown value. */
  values: Float64Array;
  unit: string;
}

/** The sensor that is posted to. */
export interface ReceivingSensor {
  /** Length of its events; 0 for instantaneous sensors. */
  resolutionMs: number;
  unit: string;
  /** IANA zone on whose clock days are counted; UTC by default. */
  timezone?: string;
  /** What 100 % stands for, such as `50 kWh`; needed between % and a quantity. */
  capacity?: string;
  /** Which values it can have; all by default. */
  signRule?: SignRule;
}

/**
 * Converts a posted series to events of the sensor, in its resolution and unit. Unknown values are omitted.
 *
 * The values are duration / number of values apart. That must be the sensor's resolution or a multiple of it; longer
 * flows are repeated (a mean power stays a mean power) and longer amounts divided. Amounts posted to a sensor of flows
 * are divided by the length of the events as posted, so that 100 kWh in half an hour are 0.2 MW in both quarters.
 * Instantaneous sensors take values at any distance. Values of whole days start at the same time of each day, also if the
 * clocks change in between.
 *
 * @throws DomainError NO_VALUES, INCOMPATIBLE_RESOLUTION, INVALID_VALUES for a value that is infinite in the sensor's
 *   unit or has the wrong sign, TOO_MANY_EVENTS; UnitError
 */
export function eventsOfPost(post: PostedSeries, sensor: ReceivingSensor): EventValues {
  const stepMs = postedStepMs(post);
  if (stepMs < 1 && post.values.length > 1) {
    throw new DomainError(
      'INCOMPATIBLE_RESOLUTION',
      'Values must be at least a millisecond apart.',
      'duration',
    );
  }
  const known = post.values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  checkEventCount(known * (sensor.resolutionMs > 0 ? stepMs / sensor.resolutionMs : 1));
  const days = findPostedDays(post, sensor.resolutionMs, sensor.timezone ?? 'UTC');
  if (days) return eventsOfDays(post, days, sensor);
  const options = { eventResolutionMs: stepMs, capacity: sensor.capacity };
  const converted = convertValues(post.values, post.unit, sensor.unit, options);
  const { resolutionMs } = sensor;
  if (resolutionMs > 0) checkStep(stepMs, resolutionMs);
  const posted = knownEvents(converted, (step) => post.startMs + step * stepMs, sensor.signRule);
  if (resolutionMs === 0 || resolutionMs === stepMs) return posted;
  const ends = new Float64Array(posted.eventStarts.length);
  for (let i = 0; i < ends.length; i++) ends[i] = posted.eventStarts[i]! + stepMs;
  return splitEvents(posted.eventStarts, ends, posted.values, resolutionMs, valueNatureOf(sensor.unit));
}

/** As `eventsOfPost`, for values of whole days that are not all equally long. */
function eventsOfDays(
  { values, unit }: PostedSeries,
  { lengthMs, bounds }: PostedDays,
  sensor: ReceivingSensor,
): EventValues {
  const { resolutionMs, capacity, timezone = 'UTC' } = sensor;
  if (resolutionMs > 0) checkStep(lengthMs, resolutionMs);
  const converted = values.map((value, i) =>
    converter(unit, sensor.unit, { eventResolutionMs: bounds[i + 1]! - bounds[i]!, capacity })(value),
  );
  const posted = knownEvents(converted, (i) => bounds[i]!, sensor.signRule);
  const parts = resolutionMs > 0 ? lengthMs / resolutionMs : 1;
  if (parts === 1) return posted;
  const nature = valueNatureOf(sensor.unit);
  if (resolutionMs % DAY_MS === 0) {
    const clock = new ZoneClock(timezone);
    const startsOf = (startMs: number) => [...startsOnClock(startMs, resolutionMs, parts, clock)];
    const partOf = (value: number) => (nature === 'flow' ? value : value / parts);
    return {
      eventStarts: Float64Array.from([...posted.eventStarts].flatMap(startsOf)),
      values: Float64Array.from({ length: posted.values.length * parts }, (_, i) =>
        partOf(posted.values[Math.floor(i / parts)]!),
      ),
    };
  }
  const endOf = new Map(Array.from(values, (_, i) => [bounds[i]!, bounds[i + 1]!]));
  const ends = posted.eventStarts.map((start) => endOf.get(start)!);
  return splitEvents(posted.eventStarts, ends, posted.values, resolutionMs, nature);
}

/** The events that have a value. In one loop, because a post may hold half a million of them. */
function knownEvents(
  values: Float64Array,
  startAt: (step: number) => number,
  signRule?: SignRule,
): EventValues {
  const eventStarts = new Float64Array(values.length);
  let known = 0;
  for (let step = 0; step < values.length; step++) {
    const value = values[step]!;
    if (Math.abs(value) === Infinity)
      throw new DomainError('INVALID_VALUES', 'Number too large.', `values.${step}`);
    if (Number.isNaN(value)) continue;
    if (signRule && !signRule.isAllowed(value))
      throw new DomainError('INVALID_VALUES', signRule.reason, `values.${step}`);
    eventStarts[known] = startAt(step);
    values[known++] = value;
  }
  return known === values.length
    ? { eventStarts, values }
    : { eventStarts: eventStarts.slice(0, known), values: values.slice(0, known) };
}

/**
 * Moves a posted series to the steps of the sensor that receives it, as a whole: back to the step in which it starts, or on
 * to the next one that it barely misses. Values at instants stay where they are.
 *
 * @param timezone IANA zone on whose clock the sensor counts its steps
 */
export function onSensorSteps<T extends Pick<PostedSeries, 'startMs'>>(
  post: T,
  resolutionMs: number,
  timezone: string,
): T {
  const startMs = snapToStep(post.startMs, resolutionMs, timezone);
  return startMs === post.startMs ? post : { ...post, startMs };
}

/** How many events one message may become, or one answer may hold. */
const MAX_EVENTS = 1_000_000;

/** @throws DomainError TOO_MANY_EVENTS */
export function checkEventCount(events: number): void {
  if (events <= MAX_EVENTS) return;
  const message = `That is ${Math.ceil(events)} events; at most ${MAX_EVENTS} are possible at once.`;
  throw new DomainError('TOO_MANY_EVENTS', message, 'duration');
}

/**
 * Distance of posted values in ms: duration / number of values.
 *
 * @throws DomainError NO_VALUES
 */
export function postedStepMs({ durationMs, values }: Pick<PostedSeries, 'durationMs' | 'values'>): number {
  if (values.length === 0) throw new DomainError('NO_VALUES', 'There are no values.', 'values');
  return durationMs / values.length;
}

/** @throws DomainError INCOMPATIBLE_RESOLUTION unless the step is the sensor's resolution or a multiple of it */
function checkStep(stepMs: number, resolutionMs: number): void {
  if (stepMs > 0 && stepMs % resolutionMs === 0) return;
  throw new DomainError(
    'INCOMPATIBLE_RESOLUTION',
    `Resolution of ${clockText(stepMs)} is incompatible with the sensor's required resolution of ` +
      `${clockText(resolutionMs)}.`,
  );
}

/** A duration as clients know it from this one message: `0:15:00`. */
function clockText(ms: number): string {
  const parts = [ms / HOUR_MS, (ms / MINUTE_MS) % 60, (ms / SECOND_MS) % 60].map(Math.floor);
  const [hours, minutes, seconds] = parts;
  return `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`;
}
