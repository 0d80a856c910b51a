import type { Actor } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { requireSensorPermission, type Sensor, type SensorReference } from '#lib/sensors';
import { isPowerUnit, sameDimension } from '#lib/units';
import { currencyOf } from '../model/flex/readers/context/price-reader';
import { findSensorReferences, measureOfReference } from '../model/flex/references/sensor-references';
import { devicePath, groupsWithSensor, partPath, type SiteScheduleRequest } from './schedule-request';

/** The field of the power sensor of a device. */
const deviceField = (request: SiteScheduleRequest, index: number): string =>
  request.assetId === undefined ? 'sensor' : `${devicePath(request, index)}sensor`;

/** References to the power sensors of the devices, for which schedules are stored. */
export const deviceReferences = (request: SiteScheduleRequest): SensorReference[] =>
  request.flexModel.map(({ sensor: id }, i) => ({ id, field: deviceField(request, i) }));

/** References to the power sensors of groups, to which their planned power is stored. */
export const groupReferences = (request: SiteScheduleRequest): SensorReference[] =>
  groupsWithSensor(request).map((part) => ({ id: part.sensor, field: `${partPath(part)}sensor` }));

/** All other sensor references in the flex-models and the flex-context of a request. */
export function sourceReferences(request: SiteScheduleRequest): SensorReference[] {
  const inModels = request.flexModel.flatMap(({ sensor: _, ...fields }, i) =>
    findSensorReferences(fields).map(({ id, field }) => ({ id, field: devicePath(request, i) + field })),
  );
  const inParts = (request.parts ?? []).flatMap(({ sensor: _, ...fields }) =>
    findSensorReferences(fields).map(({ id, field }) => ({ id, field: partPath(fields) + field })),
  );
  return [...inModels, ...inParts, ...findSensorReferences(request.flexContext)];
}

/** The sensor references of a request, and the sensors by id. */
export interface RequestReferences {
  devices: readonly SensorReference[];
  sources: readonly SensorReference[];
  found: ReadonlyMap<number, Sensor>;
}

/**
 * Checks the permissions on the sensors of a request. The actor must be able to read all of them; a user must also be able to
 * post data to the sensors of devices.
 * @throws DomainError NOT_PERMITTED with the field
 */
export function checkPermissions({ devices, sources, found }: RequestReferences, actor: Actor): void {
  for (const { id, field } of [...devices, ...sources])
    requireSensorPermission(actor, 'read', found.get(id)!, field);
  if (actor.id === undefined) return;
  for (const { id, field } of devices)
    requireSensorPermission(actor, 'create-children', found.get(id)!, field);
}

const isEnergyPriceUnit = (unit: string): boolean => {
  const currency = currencyOf(unit);
  return currency !== undefined && sameDimension(unit, `${currency}/MWh`);
};

const UNIT_CHECKS = { 'price of energy': isEnergyPriceUnit, power: isPowerUnit };

/** Checks the units of price and power sensors. @throws DomainError INVALID_UNIT with the field */
export function checkUnits({ sources, found }: RequestReferences): void {
  for (const { id, field } of sources) {
    const { unit } = found.get(id)!;
    const measure = measureOfReference(field);
    if (!measure || UNIT_CHECKS[measure](unit)) continue;
    const message = `${field}: Sensor ${id} is in ${unit || 'no unit'}, which is not a ${measure}.`;
    throw new DomainError('INVALID_UNIT', message, field);
  }
}
