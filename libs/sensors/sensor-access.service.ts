import { Injectable } from '@nestjs/common';
import { UsersService } from '#lib/accounts';
import { isAllowed, type Actor, type Permission } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { sensorRules } from './access-rules';
import type { Sensor } from './sensor.entity';
import { SensorsService } from './sensors.service';

/** A sensor that a field names. */
export interface SensorReference {
  id: number;
  /** Path of the field, for errors. */
  field: string;
}

/** What an account does where no user asked. */
export const accountActor = ({ accountId }: Pick<Asset, 'accountId'>): Actor => ({ accountId, roles: [] });

/** Says of each sensor whether somebody may read it. */
export const readableBy =
  (actor: Actor) =>
  (sensor: Sensor): boolean =>
    isAllowed(actor, 'read', sensorRules(sensor));

/**
 * @param named says where the sensor is named, if that is not in the field itself
 * @throws DomainError NOT_PERMITTED naming the field
 */
export function requireSensorPermission(
  actor: Actor,
  permission: Permission,
  sensor: Sensor,
  field: string,
  named = '',
): void {
  if (isAllowed(actor, permission, sensorRules(sensor))) return;
  const what = permission === 'read' ? 'read' : 'post data to';
  const message = `${field}: ${nameOf(actor)} may not ${what} sensor ${sensor.id}${named}.`;
  throw new DomainError('NOT_PERMITTED', message, field);
}

/**
 * Who may read the sensors that requests, attributes and plugins name. Whoever asks must be able to read each of them,
 * at the moment when it is read; where no user asked, the account of the asset that the work is for.
 */
@Injectable()
export class SensorAccess {
  constructor(
    private readonly sensors: SensorsService,
    private readonly users: UsersService,
  ) {}

  /**
   * For whom a job reads: the user who asked for it, with today's rights, or else the account of the asset.
   * @throws DomainError NOT_PERMITTED when that user is gone or inactive
   */
  async actorOf(userId: number | undefined, asset: Pick<Asset, 'accountId'>): Promise<Actor> {
    if (userId === undefined) return accountActor(asset);
    const user = await this.users.findRequester(userId);
    if (!user)
      throw new DomainError('NOT_PERMITTED', `User ${userId}, who asked for this, is no longer active.`);
    return user;
  }

  /**
   * A sensor that all of them may read.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED naming the field
   */
  async getReadable(id: number, actors: readonly Actor[], field: string): Promise<Sensor> {
    const sensor = await this.sensors.get(id, field);
    for (const actor of actors) requireSensorPermission(actor, 'read', sensor, field);
    return sensor;
  }

  /**
   * The sensors that fields name, by id. Looks them up at once.
   * @throws DomainError SENSOR_NOT_FOUND naming the field
   */
  async find(references: readonly SensorReference[]): Promise<Map<number, Sensor>> {
    const found = await this.findKnown(references);
    const missing = references.find(({ id }) => !found.has(id));
    if (!missing) return found;
    const message = `${missing.field}: No sensor found with id ${missing.id}.`;
    throw new DomainError('SENSOR_NOT_FOUND', message, missing.field);
  }

  /**
   * Refuses references to sensors that somebody may not read; those to no sensor pass.
   * @throws DomainError NOT_PERMITTED naming the field
   */
  async checkReadable(references: readonly SensorReference[], actor: Actor): Promise<void> {
    const found = await this.findKnown(references);
    for (const { id, field } of references) {
      const sensor = found.get(id);
      if (sensor) requireSensorPermission(actor, 'read', sensor, field);
    }
  }

  /**
   * Whether somebody may read all of these sensors. Nobody can tell whose the deleted ones were: they count as those of
   * others, except for who may read everything.
   * @param deletedToo whether deleted sensors count as readable, as for a user who could read them before
   */
  async mayReadAll(ids: readonly number[], actor: Actor, { deletedToo = false } = {}): Promise<boolean> {
    const sensors = await this.sensors.listByIds(ids);
    const isAnyDeleted = sensors.length < new Set(ids).size;
    const mayReadDeleted = deletedToo || isAllowed(actor, 'read', {});
    return sensors.every(readableBy(actor)) && (mayReadDeleted || !isAnyDeleted);
  }

  private async findKnown(references: readonly SensorReference[]): Promise<Map<number, Sensor>> {
    const sensors =
      references.length === 0 ? [] : await this.sensors.listByIds(references.map(({ id }) => id));
    return new Map(sensors.map((sensor) => [sensor.id, sensor]));
  }
}

const nameOf = ({ id, accountId }: Actor): string => {
  if (id !== undefined) return `user ${id}`;
  return accountId === null ? 'a public asset' : `account ${accountId}`;
};
