import { DomainError } from '#lib/errors';
import { convertValues } from '#lib/units';
import type { EventValues } from './read-window';
import { valueNatureOf } from './value-nature';

/** Consecutive values over a time interval, as a message posts them. */
export interface PostedSeries {
  /** Epoch ms. */
  startMs: number;
  /** Of all values together. */
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
  /** What 100 % stands for, such as `50 kWh`; needed between % and a quantity. */
  capacity?: string;
}

/**
 * Makes the sensor's events of a posted series: in its resolution and unit, unknown values left out.
 *
 * The values are duration / number of values apart. That must be the sensor's resolution or a multiple of it; coarser
 * flows are repeated (a mean power stays a mean power) and coarser amounts split. Amounts posted to a sensor of flows
 * are divided by the length of the events as posted, so that 100 kWh in half an hour are 0.2 MW in both quarters.
 * Instantaneous sensors take values at any distance.
 *
 * @throws DomainError NO_VALUES, INCOMPATIBLE_RESOLUTION, INVALID_VALUES for what is infinite in the sensor's unit,
 *   TOO_MANY_EVENTS; UnitError
 */
export function eventsOfPost(post: PostedSeries, sensor: ReceivingSensor): EventValues {
  const stepMs = postedStepMs(post);
  if (stepMs < 1 && post.values.length > 1) {
    throw new DomainError('INCOMPATIBLE_RESOLUTION', 'Values lie at least a millisecond apart.', 'duration');
  }
  const options = { eventResolutionMs: stepMs, capacity: sensor.capacity };
  const converted = convertValues(post.values, post.unit, sensor.unit, options);
  const parts = sensor.resolutionMs === 0 ? 1 : partsOf(stepMs, sensor.resolutionMs);
  const share = parts > 1 && valueNatureOf(sensor.unit) === 'stock' ? parts : 1;
  const known = countKnown(converted);
  checkCount(known * parts);
  const events = { eventStarts: new Float64Array(known * parts), values: new Float64Array(known * parts) };
  let at = 0;
  for (const [step, value] of converted.entries()) {
    if (Number.isNaN(value)) continue;
    for (let part = 0; part < parts; part++, at++) {
      events.eventStarts[at] = post.startMs + step * stepMs + (part * stepMs) / parts;
      events.values[at] = value / share;
    }
  }
  return events;
}

function countKnown(values: Float64Array): number {
  let known = 0;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw new DomainError('INVALID_VALUES', 'Number too large.', `values.${i}`);
    known++;
  }
  return known;
}

/** How many events one message may become, or one answer may hold. */
const MAX_EVENTS = 2_000_000;

/** @throws DomainError TOO_MANY_EVENTS */
export function checkCount(events: number, most = MAX_EVENTS): void {
  if (events <= most) return;
  const message = `That is ${Math.ceil(events)} events; at most ${most} are possible at once.`;
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

function partsOf(stepMs: number, resolutionMs: number): number {
  const parts = stepMs / resolutionMs;
  if (Number.isInteger(parts) && parts > 0) return parts;
  throw new DomainError(
    'INCOMPATIBLE_RESOLUTION',
    `Resolution of ${clockText(stepMs)} is incompatible with the sensor's required resolution of ` +
      `${clockText(resolutionMs)}.`,
  );
}

/** A duration as clients know it from this one message: `0:15:00`. */
function clockText(ms: number): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor);
  return `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`;
}
