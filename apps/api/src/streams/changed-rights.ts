import {
  ACCOUNT_DELETED,
  ACCOUNT_ROLE_DELETED,
  ACCOUNT_UPDATED,
  SESSION_ENDED,
  USER_DELETED,
  USER_UPDATED,
} from '#lib/accounts';
import { ASSET_CREATED, ASSET_DELETED, ASSET_UPDATED } from '#lib/assets';
import { DEVICE_TOKEN_REVOKED, type DeviceTokenEvent } from '#lib/device-tokens';
import type { DomainEvent, EventType } from '#lib/events';
import { SENSOR_DELETED, SENSOR_UPDATED } from '#lib/sensors';
import type { ApiUser } from '../http/auth/authentication/api-user';

type Affects = (user: ApiUser) => boolean;

const everybody: Affects = () => true;
/** Devices may be limited to assets and what is below them. */
const devices: Affects = ({ assetIds }) => assetIds !== undefined;

/** Whose rights an event may change, by the name of the event. */
const AFFECTED = new Map<string, (payload: never) => Affects>();
/** Events that change what belongs to whom. */
const MOVING = new Set<string>();

function affects<Payload>(type: EventType<Payload>, whom: (payload: Payload) => Affects): EventType<never> {
  AFFECTED.set(type.name, whom);
  return type as EventType<never>;
}

function moves<Payload>(type: EventType<Payload>): EventType<never> {
  MOVING.add(type.name);
  return type as EventType<never>;
}

/** Events after which rights may be others. */
export const RIGHTS_CHANGED: readonly EventType<never>[] = [
  affects(
    USER_UPDATED,
    ({ id }) =>
      (user) =>
        user.id === id,
  ),
  affects(
    USER_DELETED,
    ({ ids }) =>
      (user) =>
        ids.includes(user.id),
  ),
  affects(
    SESSION_ENDED,
    ({ id }) =>
      ({ session }) =>
        session?.jti === id,
  ),
  affects(
    DEVICE_TOKEN_REVOKED,
    ({ id }: DeviceTokenEvent) =>
      ({ deviceTokenId }) =>
        deviceTokenId === id,
  ),
  affects(ACCOUNT_UPDATED, () => everybody),
  affects(ACCOUNT_DELETED, () => everybody),
  affects(ACCOUNT_ROLE_DELETED, () => everybody),
  ...[ASSET_CREATED, ASSET_UPDATED, ASSET_DELETED].map((type) =>
    affects(type as EventType<object>, () => devices),
  ),
  moves(ASSET_UPDATED),
  moves(ASSET_DELETED),
  moves(SENSOR_UPDATED),
  moves(SENSOR_DELETED),
  moves(ACCOUNT_DELETED),
];

/** Whether what belongs to whom may be different after an event. */
export const isMoving = ({ name }: DomainEvent): boolean => MOVING.has(name);

/** Tells for a user whether an event may change the rights; undefined if it changes those of nobody. */
export const affectedBy = ({ name, payload }: DomainEvent): Affects | undefined =>
  AFFECTED.get(name)?.(payload as never);
