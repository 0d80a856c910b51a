import { UsersService } from '#lib/accounts';
import { DeviceTokensService } from '#lib/device-tokens';
import { withServices } from '../../app/services';
import { formatTable } from '../../terminal/table';

const HEADERS = ['Id', 'Name', 'Scopes', 'Assets', 'Expires', 'Last used'];

export function showDeviceTokens({ email }: { email: string }): Promise<void> {
  return withServices(async (services) => {
    const user = await services(UsersService).getByEmail(email);
    const tokens = await services(DeviceTokensService).list(user.id);
    if (tokens.length === 0) {
      console.log(`User ${user.username} has no device tokens.`);
      return;
    }
    const rows = tokens.map(({ id, name, scopes, assetIds, expiresAt, lastUsedAt }) => [
      ...[id, name, scopes.join(', '), assetIds?.join(', ') ?? 'all of the account'],
      ...[expiresAt?.toISOString() ?? 'never', lastUsedAt?.toISOString() ?? 'never'],
    ]);
    console.log(formatTable(HEADERS, rows));
  });
}
