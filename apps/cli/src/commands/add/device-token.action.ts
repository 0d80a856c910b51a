import { UsersService } from '#lib/accounts';
import { DeviceTokensService } from '#lib/device-tokens';
import type { DeviceScope } from '#lib/device-tokens/model';
import { withServices } from '../../app/services';
import { instantOption } from '../../options/parse-times';

export interface DeviceTokenOptions {
  email: string;
  name: string;
  scope: DeviceScope[];
  assetId?: number[];
  expires?: string;
}

/** Prints only the secret to standard output, so that scripts can store it. */
export function addDeviceToken(options: DeviceTokenOptions): Promise<void> {
  return withServices(async (services) => {
    const { name, scope: scopes, assetId: assetIds, expires } = options;
    const expiresAtMs = expires === undefined ? undefined : instantOption('--expires', expires);
    const user = await services(UsersService).getByEmail(options.email);
    const given = { name, scopes, assetIds, expiresAtMs };
    const { token, secret } = await services(DeviceTokensService).create(user, given);
    console.error(`Device token '${token.name}' (ID: ${token.id}) was created. It is shown only once:`);
    console.log(secret);
  });
}
