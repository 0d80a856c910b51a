import type { Actor } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { requireSensorPermission, type Sensor, type SensorReference } from '#lib/sensors';
import { isEnergyPriceUnit, isPowerUnit } from '#lib/units';
import { findSensorReferences, measureOfReference } from '../model/flex/sensor-references';
import { pathOfDevice, type SiteScheduleRequest } from './schedule-request';

/** The field that names the power sensor of a device. */
const fieldOfDevice = (request: SiteScheduleRequest, index: number): string =>
  request.assetId === undefined ? 'sensor' : `${pathOfDevice(request, index)}sensor`;

/** The power sensors of the devices, which schedules are written to. */
export const devicesOf = (request: SiteScheduleRequest): SensorReference[] =>
  request.flexModel.map(({ sensor: id }, i) => ({ id, field: fieldOfDevice(request, i) }));

/** All other sensors that flex-models and flex-context of a request name. */
export function sourcesOf(request: SiteScheduleRequest): SensorReference[] {
  const inModels = request.flexModel.flatMap(({ sensor: _, ...fields }, i) =>
    findSensorReferences(fields).map(({ id, field }) => ({ id, field: pathOfDevice(request, i) + field })),
  );
  return [...inModels, ...findSensorReferences(request.flexContext)];
}

/** What a request names: the sensors of its devices, all others, and each of them by id. */
export interface RequestReferences {
  devices: readonly SensorReference[];
  sources: readonly SensorReference[];
  found: ReadonlyMap<number, Sensor>;
}

/**
 * Refuses a request whose sensors somebody may not use. Users need to read all of them, and to post data to those of
 * devices. Where no user asked, the host writes, and what the account may read counts alone.
 * @throws DomainError NOT_PERMITTED naming the field
 */
export function checkPermissions({ devices, sources, found }: RequestReferences, actor: Actor): void {
  for (const { id, field } of [...devices, ...sources])
    requireSensorPermission(actor, 'read', found.get(id)!, field);
  if (actor.id === undefined) return;
  for (const { id, field } of devices)
    requireSensorPermission(actor, 'create-children', found.get(id)!, field);
}

const UNIT_CHECKS = { 'price of energy': isEnergyPriceUnit, power: isPowerUnit };

/** Checks the units of prices and powers. @throws DomainError INVALID_UNIT naming the field */
export function checkUnits({ sources, found }: RequestReferences): void {
  for (const { id, field } of sources) {
    const { unit } = found.get(id)!;
    const measure = measureOfReference(field);
    if (!measure || UNIT_CHECKS[measure](unit)) continue;
    const message = `${field}: Sensor ${id} is in ${unit || 'no unit'}, which is not a ${measure}.`;
    throw new DomainError('INVALID_UNIT', message, field);
  }
}
