import { ApiUsageService } from '#lib/api-usage';
import { withServices } from '../../app/services';
import { formatTable } from '../../terminal/table';

const HEADERS = ['Version', 'Requests', 'Last used', 'User', 'Account'];

export function showApiUsage(): Promise<void> {
  return withServices(async (services) => {
    const uses = await services(ApiUsageService).list();
    if (uses.length === 0) {
      console.log('Nobody has used a deprecated version of the API.');
      return;
    }
    const rows = uses.map(({ version, requests, lastUsedAt, userId, username, account }) => [
      ...[version, requests, lastUsedAt.toISOString(), `${username} (${userId})`, account],
    ]);
    console.log(formatTable(HEADERS, rows));
  });
}
