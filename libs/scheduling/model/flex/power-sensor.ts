import { isRecord, parseSensorId } from './values/variable-quantity';

/** Fields of a stored flex-model that name the power sensor of its device, the first one first. */
export const POWER_SENSOR_FIELDS = ['sensor', 'consumption', 'production'] as const;

/** The power sensor that a stored flex-model names, and the field that names it. */
export interface NamedPowerSensor {
  id: number;
  field: (typeof POWER_SENSOR_FIELDS)[number];
}

/** The id of a sensor, from the number itself or from `{"sensor": 5}`; undefined for anything else. */
export function sensorIdOf(value: unknown): number | undefined {
  const id = isRecord(value) ? value['sensor'] : value;
  return typeof id === 'number' ? parseSensorId(id) : undefined;
}

/** The power sensor that a stored flex-model names; undefined if it names none. */
export function findPowerSensor(flexModel: Record<string, unknown>): NamedPowerSensor | undefined {
  for (const field of POWER_SENSOR_FIELDS) {
    const id = sensorIdOf(flexModel[field]);
    if (id !== undefined) return { id, field };
  }
  return undefined;
}

/** Whether a field names the power sensor of a device. */
export const isPowerSensorField = (name: string): boolean =>
  POWER_SENSOR_FIELDS.some((field) => field === name);
