import type { Actor } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { requireSensorPermission, type Sensor, type SensorReference } from '#lib/sensors';
import { isEnergyPriceUnit, isPowerUnit } from '#lib/units';
import { sensorsNamed } from '../model/flex/sensors-named';
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
    sensorsNamed(fields).map(({ id, field }) => ({ id, field: pathOfDevice(request, i) + field })),
  );
  return [...inModels, ...sensorsNamed(request.flexContext)];
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

const PRICE = { name: 'a price of energy', fits: isEnergyPriceUnit };
const POWER = { name: 'a power', fits: isPowerUnit };

/** What a sensor must record that a field of the context names; other fields tell by the unit that they need. */
function kindOf(field: string): typeof PRICE | undefined {
  if (/^(?:consumption|production)-price(?:-sensor|\.sensor)$/.test(field)) return PRICE;
  return field.startsWith('inflexible-device-sensors.') ? POWER : undefined;
}

/** Refuses prices and powers that are none. @throws DomainError INVALID_UNIT naming the field */
export function checkUnits({ sources, found }: RequestReferences): void {
  for (const { id, field } of sources) {
    const { unit } = found.get(id)!;
    const needed = kindOf(field);
    if (!needed || needed.fits(unit)) continue;
    const message = `${field}: Sensor ${id} is in ${unit || 'no unit'}, which is not ${needed.name}.`;
    throw new DomainError('INVALID_UNIT', message, field);
  }
}
