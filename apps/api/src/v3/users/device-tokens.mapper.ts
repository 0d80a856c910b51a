import type { DeviceToken } from '#lib/device-tokens';

/** A device token as a response of the API, without its secret. */
export const toDeviceTokenResponse = (token: DeviceToken) => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes,
  assets: token.assetIds,
  created_at: token.createdAt.toISOString(),
  expires_at: token.expiresAt?.toISOString() ?? null,
  last_used_at: token.lastUsedAt?.toISOString() ?? null,
});
