import { defineEvent } from '#lib/events';

/** Identifies a device token in events, also after it was deleted with its user. */
export interface DeviceTokenEvent {
  id: number;
  userId: number;
  accountId: number;
  name: string;
}

export const DEVICE_TOKEN_CREATED = defineEvent<DeviceTokenEvent>('device-token.created');

/** The token is no longer accepted. */
export const DEVICE_TOKEN_REVOKED = defineEvent<DeviceTokenEvent>('device-token.revoked');

/** A token was used after its end, or while its user is inactive. At most one event per hour and token. */
export const DEVICE_TOKEN_REFUSED = defineEvent<
  DeviceTokenEvent & { reason: 'revoked' | 'expired' | 'inactive user' }
>('device-token.refused');
