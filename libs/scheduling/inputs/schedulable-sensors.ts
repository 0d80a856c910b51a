import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';

/** Minimum resolution of a schedule, unless events of a sensor are shorter. */
const MIN_STEP_MS = 60_000;

/**
 * Determines the step duration of a schedule for sensors.
 * @param fields the fields of the sensors, in the same order
 * @param requestedMs the requested duration of a step; by default the event resolution of the sensors
 * @returns the duration of a step; the grid for the start, which is a multiple of the events of all sensors; and the grid for
 *   the length of the schedule, which is also a multiple of the step
 * @throws DomainError INVALID_UNIT, INVALID_RESOLUTION, FLEX_MODEL_INVALID with the field of the sensor
 */
export function resolveStep(
  sensors: readonly Sensor[],
  fields: readonly string[],
  requestedMs: number | undefined,
): { stepMs: number; startGridMs: number; gridMs: number } {
  sensors.forEach((sensor, i) => checkSensor(sensor, fields[i]!));
  const seen = new Set<number>();
  sensors.forEach(({ id }, i) => {
    if (seen.has(id))
      throw new DomainError('FLEX_MODEL_INVALID', `Sensor ${id} has two flex-models.`, fields[i]);
    seen.add(id);
  });
  const resolutions = sensors.map(({ eventResolutionMs }) => eventResolutionMs);
  const stepMs = requestedMs ?? resolutions[0]!;
  if (requestedMs !== undefined && !(requestedMs >= Math.min(MIN_STEP_MS, ...resolutions))) {
    const message = 'resolution: must be at least the resolution of the sensor, or one minute.';
    throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
  }
  resolutions.forEach((resolutionMs, i) => {
    if (requestedMs === undefined && resolutionMs !== stepMs) {
      const message =
        'Without a resolution in the request, the sensors of all devices must have the same resolution.';
      throw new DomainError('INVALID_RESOLUTION', message, fields[i]);
    }
    if (stepMs % resolutionMs !== 0 && resolutionMs % stepMs !== 0) {
      const message = `resolution: must be a multiple or a divisor of the resolution of sensor ${sensors[i]!.id}.`;
      throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
    }
  });
  const startGridMs = resolutions.reduce(leastCommonMultiple);
  return { stepMs, startGridMs, gridMs: leastCommonMultiple(startGridMs, stepMs) };
}

function checkSensor({ id, unit, eventResolutionMs }: Sensor, field: string): void {
  if (!isPowerUnit(unit)) {
    const message = `Sensor ${id} has the unit ${unit || '(none)'}. Only power sensors can be scheduled.`;
    throw new DomainError('INVALID_UNIT', message, field);
  }
  if (eventResolutionMs <= 0) {
    const message = `Sensor ${id} is instantaneous. It cannot be scheduled.`;
    throw new DomainError('INVALID_RESOLUTION', message, field);
  }
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
