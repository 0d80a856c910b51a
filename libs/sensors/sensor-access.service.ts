import { Injectable } from '@nestjs/common';
import { UsersService } from '#lib/accounts';
import { isAllowed, type Actor, type Permission } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { DeviceTokensService } from '#lib/device-tokens';
import { DomainError } from '#lib/errors';
import { sensorRules } from './access-rules';
import type { Sensor } from './sensor.entity';
import { SensorsService } from './sensors.service';

/** A reference to a sensor in a field. */
export interface SensorReference {
  id: number;
  /** Path of the field, for error messages. */
  field: string;
}

/** The actor for work that no user asked for: the account of the asset. */
export const accountActor = ({ accountId }: Pick<Asset, 'accountId'>): Actor => ({ accountId, roles: [] });

/** Returns a function that tells whether the actor can read a sensor. */
export const canRead =
  (actor: Actor) =>
  (sensor: Sensor): boolean =>
    isAllowed(actor, 'read', sensorRules(sensor));

/**
 * Checks the permission of an actor on a sensor.
 * @param where end of the message that says where the sensor is referred to, if not in the field itself
 * @throws DomainError NOT_PERMITTED with the field
 */
export function requireSensorPermission(
  actor: Actor,
  permission: Permission,
  sensor: Sensor,
  field: string,
  where = '',
): void {
  if (isAllowed(actor, permission, sensorRules(sensor))) return;
  const what = permission === 'read' ? 'read' : 'post data to';
  const message = `${field}: ${describeActor(actor)} may not ${what} sensor ${sensor.id}${where}.`;
  throw new DomainError('NOT_PERMITTED', message, field);
}

/**
 * Checks access to sensors that requests, attributes and plugins refer to. The actor (the user who asked or, if no user
 * asked, the account of the asset) must be able to read each of them at the time of reading.
 */
@Injectable()
export class SensorAccess {
  constructor(
    private readonly sensors: SensorsService,
    private readonly users: UsersService,
    private readonly devices: DeviceTokensService,
  ) {}

  /**
   * The actor of a job: the user who asked for it, with the current roles, or the account of the asset.
   * @param deviceTokenId the token of the device that asked for the user
   * @throws DomainError NOT_PERMITTED if that user was deleted or deactivated, or the token has ended
   */
  async getActor(
    userId: number | undefined,
    asset: Pick<Asset, 'accountId'>,
    deviceTokenId?: number,
  ): Promise<Actor> {
    if (userId === undefined) return accountActor(asset);
    if (deviceTokenId !== undefined) return this.devices.getActor(deviceTokenId);
    const user = await this.users.findRequester(userId);
    if (!user)
      throw new DomainError('NOT_PERMITTED', `User ${userId}, who asked for this, is no longer active.`);
    return user;
  }

  /**
   * A sensor that all actors can read.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED with the field
   */
  async getReadable(id: number, actors: readonly Actor[], field: string): Promise<Sensor> {
    const sensor = await this.sensors.get(id, field);
    for (const actor of actors) requireSensorPermission(actor, 'read', sensor, field);
    return sensor;
  }

  /**
   * The referenced sensors, by id, with one query.
   * @throws DomainError SENSOR_NOT_FOUND with the field
   */
  async find(references: readonly SensorReference[]): Promise<Map<number, Sensor>> {
    const found = await this.findExisting(references);
    const missing = references.find(({ id }) => !found.has(id));
    if (!missing) return found;
    const message = `${missing.field}: No sensor found with id ${missing.id}.`;
    throw new DomainError('SENSOR_NOT_FOUND', message, missing.field);
  }

  /**
   * Rejects references to sensors that the actor cannot read. References to unknown sensors are ignored.
   * @throws DomainError NOT_PERMITTED with the field
   */
  async checkReadable(references: readonly SensorReference[], actor: Actor): Promise<void> {
    const found = await this.findExisting(references);
    for (const { id, field } of references) {
      const sensor = found.get(id);
      if (sensor) requireSensorPermission(actor, 'read', sensor, field);
    }
  }

  /**
   * Whether the actor can read all of these sensors. It is unknown who owned deleted sensors: only actors who can read
   * everything can read them.
   * @param deletedToo whether deleted sensors count as readable, as for a user who could read them before
   */
  async canReadAll(ids: readonly number[], actor: Actor, { deletedToo = false } = {}): Promise<boolean> {
    const sensors = await this.sensors.listByIds(ids);
    const isAnyDeleted = sensors.length < new Set(ids).size;
    const canReadDeleted = deletedToo || isAllowed(actor, 'read', {});
    return sensors.every(canRead(actor)) && (canReadDeleted || !isAnyDeleted);
  }

  private async findExisting(references: readonly SensorReference[]): Promise<Map<number, Sensor>> {
    const sensors =
      references.length === 0 ? [] : await this.sensors.listByIds(references.map(({ id }) => id));
    return new Map(sensors.map((sensor) => [sensor.id, sensor]));
  }
}

const describeActor = ({ id, accountId }: Actor): string => {
  if (id !== undefined) return `user ${id}`;
  return accountId === null ? 'a public asset' : `account ${accountId}`;
};
