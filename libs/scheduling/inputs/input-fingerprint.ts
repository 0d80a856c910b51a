import { createHash } from 'node:crypto';
import type { Sensor } from '#lib/sensors';
import { signOfSensor } from '../outputs/schedule-outputs';
import type { SiteInput } from './site-inputs';

/** A fingerprint of all that a schedule depends on: the problem, the sensors that store the schedule, and how. */
export function fingerprintInputs({
  problem,
  currency,
  sensors,
  groupSensors,
  outputs,
  window,
}: SiteInput): string {
  const describe = (sensor: Sensor) => [
    ...[sensor.id, sensor.unit, sensor.eventResolutionMs],
    signOfSensor(sensor),
  ];
  const targets = [
    ...[...sensors, ...groupSensors].map(describe),
    ...outputs.map(({ sensor, recordedAs, device, group, commodity }) => [
      ...describe(sensor),
      ...[recordedAs, device, group, commodity],
    ]),
  ];
  const text = JSON.stringify([problem, currency, targets, window], (_key, value: unknown) => {
    if (ArrayBuffer.isView(value)) return digest(value as Float64Array);
    // JSON cannot represent Infinity and NaN.
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
  return digest(text);
}

/** A short text that differs for different contents. */
export const digest = (content: string | NodeJS.ArrayBufferView): string =>
  createHash('sha256').update(content).digest('base64');
