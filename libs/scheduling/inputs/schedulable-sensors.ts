import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';

/** The shortest step that may be asked for, unless events of a sensor are shorter. */
const SHORTEST_STEP_MS = 60_000;

/**
 * The steps in which sensors are scheduled.
 * @param fields that name the sensors, in their order
 * @param askedMs length of a step; that of the sensors' events when undefined
 * @returns the length of a step, and the grid on which schedules start and end: whole events of all sensors
 * @throws DomainError INVALID_UNIT, INVALID_RESOLUTION, FLEX_MODEL_INVALID naming the sensor's field
 */
export function stepsOf(
  sensors: readonly Sensor[],
  fields: readonly string[],
  askedMs: number | undefined,
): { stepMs: number; gridMs: number } {
  sensors.forEach((sensor, i) => checkSensor(sensor, fields[i]!));
  const seen = new Set<number>();
  sensors.forEach(({ id }, i) => {
    if (seen.has(id))
      throw new DomainError('FLEX_MODEL_INVALID', `Sensor ${id} has two flex-models.`, fields[i]);
    seen.add(id);
  });
  const resolutions = sensors.map(({ eventResolutionMs }) => eventResolutionMs);
  const stepMs = askedMs ?? resolutions[0]!;
  if (askedMs !== undefined && !(askedMs >= Math.min(SHORTEST_STEP_MS, ...resolutions))) {
    const message = 'resolution: a step is at least as long as an event of the sensor, or a minute.';
    throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
  }
  resolutions.forEach((resolutionMs, i) => {
    if (askedMs === undefined && resolutionMs !== stepMs) {
      const message =
        'Sensors of devices scheduled together record at one and the same resolution, unless a resolution is given.';
      throw new DomainError('INVALID_RESOLUTION', message, fields[i]);
    }
    if (stepMs % resolutionMs !== 0 && resolutionMs % stepMs !== 0) {
      const message = `resolution: a step is a whole number of events of sensor ${sensors[i]!.id}, or the other way round.`;
      throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
    }
  });
  return { stepMs, gridMs: resolutions.reduce(leastCommonMultiple, stepMs) };
}

function checkSensor({ id, unit, eventResolutionMs }: Sensor, field: string): void {
  if (!isPowerUnit(unit)) {
    const message = `Sensor ${id} is in ${unit || 'no unit'}: only power sensors are scheduled.`;
    throw new DomainError('INVALID_UNIT', message, field);
  }
  if (eventResolutionMs <= 0) {
    const message = `Sensor ${id} is instantaneous: it has no steps to schedule.`;
    throw new DomainError('INVALID_RESOLUTION', message, field);
  }
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
