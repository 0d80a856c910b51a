import { DomainError } from '#lib/errors';
import { formatDuration } from '#lib/time';
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
 * @throws DomainError NO_VALUES, INCOMPATIBLE_RESOLUTION; UnitError
 */
export function eventsOfPost(post: PostedSeries, sensor: ReceivingSensor): EventValues {
  const stepMs = postedStepMs(post);
  const options = { eventResolutionMs: stepMs, capacity: sensor.capacity };
  const converted = convertValues(post.values, post.unit, sensor.unit, options);
  const parts = sensor.resolutionMs === 0 ? 1 : partsOf(stepMs, sensor.resolutionMs);
  const share = parts > 1 && valueNatureOf(sensor.unit) === 'stock' ? parts : 1;
  const known = converted.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
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
    `Resolution of ${formatDuration(stepMs)} is incompatible with the sensor's required resolution of ` +
      `${formatDuration(resolutionMs)}: it must be the same or a multiple.`,
    'duration',
  );
}
