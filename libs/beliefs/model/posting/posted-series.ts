import { DomainError } from '#lib/errors';
import { HOUR_MS, MINUTE_MS, SECOND_MS, snapToStep, type Bins } from '#lib/time';
import { converter, convertValues } from '#lib/units';
import type { EventValues } from '../resampling/resample-values';
import { splitEvents } from '../resampling/shorter-events';
import { aggregationOf } from '../resampling/aggregation';
import { findPostedDays } from './posted-days';
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
 * means are repeated (a mean power stays a mean power) and longer amounts divided. Amounts posted to a sensor of means
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
  const { resolutionMs, timezone: zone = 'UTC' } = sensor;
  const known = post.values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  checkEventCount(known * (resolutionMs > 0 ? stepMs / resolutionMs : 1));
  const days = findPostedDays(post, resolutionMs, zone);
  const lengthMs = days?.lengthMs ?? stepMs;
  if (resolutionMs > 0) checkStep(lengthMs, resolutionMs);
  const steps = days ? stepsBetween(days.bounds) : equalSteps(post.startMs, stepMs, post.values.length);
  const converted = days ? convertDays(post, steps, sensor) : convertSteps(post, stepMs, sensor);
  const posted = knownEvents(converted, steps, sensor.signRule);
  if (resolutionMs === 0 || resolutionMs === lengthMs) return posted;
  const split = { toMs: resolutionMs, aggregation: aggregationOf(sensor.unit), zone };
  return splitEvents(posted.eventStarts, posted.eventEnds, posted.values, split);
}

const stepsBetween = (bounds: Float64Array): Bins => ({
  starts: bounds.slice(0, -1),
  ends: bounds.slice(1),
});

function equalSteps(startMs: number, stepMs: number, count: number): Bins {
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    starts[i] = startMs + i * stepMs;
    ends[i] = starts[i]! + stepMs;
  }
  return { starts, ends };
}

/** The values in the unit of the sensor. */
const convertSteps = (
  { values, unit }: PostedSeries,
  eventResolutionMs: number,
  { unit: ownUnit, capacity }: ReceivingSensor,
): Float64Array => convertValues(values, unit, ownUnit, { eventResolutionMs, capacity });

/** As `convertSteps`, for days of different lengths. */
const convertDays = (
  { values, unit }: PostedSeries,
  { starts, ends }: Bins,
  { unit: ownUnit, capacity }: ReceivingSensor,
): Float64Array =>
  values.map((value, i) =>
    converter(unit, ownUnit, { eventResolutionMs: ends[i]! - starts[i]!, capacity })(value),
  );

/** The events that have a value. In one loop, because a post may hold half a million of them. */
function knownEvents(
  values: Float64Array,
  { starts, ends }: Bins,
  signRule?: SignRule,
): EventValues & { eventEnds: Float64Array } {
  let known = 0;
  for (let step = 0; step < values.length; step++) {
    const value = values[step]!;
    if (Math.abs(value) === Infinity)
      throw new DomainError('INVALID_VALUES', 'Number too large.', `values.${step}`);
    if (Number.isNaN(value)) continue;
    if (signRule && !signRule.isAllowed(value))
      throw new DomainError('INVALID_VALUES', signRule.reason, `values.${step}`);
    starts[known] = starts[step]!;
    ends[known] = ends[step]!;
    values[known++] = value;
  }
  if (known === values.length) return { eventStarts: starts, eventEnds: ends, values };
  return {
    eventStarts: starts.slice(0, known),
    eventEnds: ends.slice(0, known),
    values: values.slice(0, known),
  };
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
