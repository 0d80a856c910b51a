import type { Actor } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { requireSensorPermission, type Sensor } from '#lib/sensors';
import { floorToStep } from '#lib/time';
import { isEnergyUnit, isPowerUnit } from '#lib/units';
import {
  findDeviceOutputs,
  findSiteOutputs,
  recordedSign,
  type FlexOutput,
  type RecordedAs,
} from '../model/flex/outputs';
import { storedSign } from '../model/flex/sign';
import type { ScheduleWindow } from '../model/flex/values/window';
import {
  devicePath,
  groupIdOf,
  partKind,
  partPath,
  type SiteScheduleRequest,
} from '../requests/schedule-request';

/** A sensor that records something of a schedule. */
export interface ScheduleOutput {
  sensor: Sensor;
  /** Path of the field that names it. */
  field: string;
  recordedAs: RecordedAs;
  /** Index of the device; undefined for a group, a storage with an entry of its own, and the whole site. */
  device?: number;
  /** Id of the group. */
  group?: string;
  /** Of the whole site: the commodity whose power it is; electricity if undefined. */
  commodity?: string;
}

/** An output of a request, before its sensor is looked up. */
interface RequestedOutput extends FlexOutput {
  device?: number;
  group?: string;
}

/** The outputs that a request names, with the paths of their fields. Power sensors of devices are not among them. */
export const requestedOutputs = (
  request: Pick<SiteScheduleRequest, 'assetId' | 'flexModel' | 'positions' | 'parts' | 'flexContext'>,
): RequestedOutput[] => [
  ...request.flexModel.flatMap((model, device) =>
    findDeviceOutputs(model).map((one) => ({
      ...one,
      field: devicePath(request, device) + one.field,
      device,
    })),
  ),
  ...(request.parts ?? []).flatMap((part) => {
    const kind = partKind(part);
    // Nothing is planned for a measured device.
    const outputs = kind === 'measured device' ? [] : findDeviceOutputs(part);
    const group = kind === 'group' ? groupIdOf(part) : undefined;
    return outputs.map((one) => ({ ...one, field: partPath(part) + one.field, group }));
  }),
  ...findSiteOutputs(request.flexContext),
];

/**
 * The outputs of a request with their sensors.
 * @param found sensors by id
 * @param sensors power sensors of the devices
 * @param groupSensors power sensors of groups
 * @throws DomainError with the field: NOT_PERMITTED if the actor cannot post data to a sensor; INVALID_UNIT;
 *   INVALID_RESOLUTION; FLEX_MODEL_INVALID for a sensor that is named twice, or whose sign is another one
 */
export function resolveOutputs(
  request: SiteScheduleRequest,
  found: ReadonlyMap<number, Sensor>,
  { sensors, groupSensors }: { sensors: readonly Sensor[]; groupSensors: readonly Sensor[] },
  stepMs: number,
  actor: Actor,
): ScheduleOutput[] {
  const outputs = requestedOutputs(request).map(({ sensorId, ...one }) => ({
    ...one,
    sensor: found.get(sensorId)!,
  }));
  const resolved = new Map<number, ScheduleOutput>();
  for (const output of outputs) {
    const { sensor, field, recordedAs, device, group } = output;
    requireWritable(actor, sensor, field);
    const other = resolved.get(sensor.id);
    // Devices that name the same sensor of a state of charge share a storage.
    if (other?.recordedAs === 'state-of-charge' && recordedAs === 'state-of-charge') continue;
    const owner = sensors.findIndex(({ id }) => id === sensor.id);
    const isOfGroup = groupSensors.some(({ id }) => id === sensor.id) && group !== String(sensor.id);
    if (other || isOfGroup || (owner >= 0 && owner !== device))
      throw invalid(field, `sensor ${sensor.id} records something else of this schedule.`);
    resolved.set(sensor.id, output);
    if (recordedAs === 'state-of-charge') checkStateSensor(sensor, field);
    else checkPowerSensor(sensor, field, recordedAs, stepMs);
  }
  return [...resolved.values()];
}

/**
 * Requires that an actor may post data to a sensor. Work that no user asked for may write to sensors of the account of its
 * asset.
 * @throws DomainError NOT_PERMITTED
 */
export function requireWritable(actor: Actor, sensor: Sensor, field: string): void {
  const isOfAccount = actor.id === undefined && sensor.asset.accountId === actor.accountId;
  if (!isOfAccount) requireSensorPermission(actor, 'create-children', sensor, field);
}

function checkStateSensor({ id, unit, eventResolutionMs }: Sensor, field: string): void {
  if (!isEnergyUnit(unit) && unit !== '%')
    throw new DomainError(
      'INVALID_UNIT',
      `${field}: sensor ${id} is in ${unit || 'no unit'}: a unit of energy or % is needed.`,
      field,
    );
  if (eventResolutionMs > 0)
    throw new DomainError(
      'INVALID_RESOLUTION',
      `${field}: sensor ${id} is not instantaneous. States of charge need a sensor with the resolution PT0M.`,
      field,
    );
}

function checkPowerSensor(sensor: Sensor, field: string, recordedAs: RecordedAs, stepMs: number): void {
  const { id, unit, eventResolutionMs: resolutionMs } = sensor;
  if (!isPowerUnit(unit))
    throw new DomainError(
      'INVALID_UNIT',
      `${field}: sensor ${id} is in ${unit || 'no unit'}: a power sensor is needed.`,
      field,
    );
  if (resolutionMs <= 0 || (stepMs % resolutionMs !== 0 && resolutionMs % stepMs !== 0))
    throw new DomainError(
      'INVALID_RESOLUTION',
      `${field}: the resolution of sensor ${id} must be a multiple or a divisor of the step of the schedule.`,
      field,
    );
  const own = sensor.attributes['consumption_is_positive'];
  if (typeof own !== 'boolean' || recordedSign(recordedAs, own ? 1 : -1) === (own ? 1 : -1)) return;
  const positive = own ? 'consumption' : 'production';
  throw invalid(
    field,
    `sensor ${id} records ${positive} as positive (attribute \`consumption_is_positive\`).`,
  );
}

const invalid = (field: string, message: string): DomainError =>
  new DomainError('FLEX_MODEL_INVALID', `${field}: ${message}`, field);

/** The sign of the power that a sensor stores, by its attributes and those of its asset. */
export const signOfSensor = ({ asset, attributes }: Sensor): 1 | -1 =>
  storedSign({ ...asset.attributes, ...attributes });

/**
 * The events of a sensor that a schedule fills: instants from the start to the end of the window, or those that lie in it
 * completely.
 */
export function recordedEvents(
  { eventResolutionMs, timezone }: Pick<Sensor, 'eventResolutionMs' | 'timezone'>,
  { startMs, stepMs, steps }: ScheduleWindow,
): ScheduleWindow {
  if (eventResolutionMs === 0) return { startMs, stepMs, steps: steps + 1 };
  const floorMs = floorToStep(startMs, eventResolutionMs, timezone);
  const firstMs = floorMs < startMs ? floorMs + eventResolutionMs : floorMs;
  const count = Math.floor((startMs + steps * stepMs - firstMs) / eventResolutionMs);
  return { startMs: firstMs, stepMs: eventResolutionMs, steps: Math.max(0, count) };
}
