import { AuditLogService } from '#lib/audit';
import { withServices } from '../../app/services';
import { formatTable } from '../../terminal/table';

export interface ShowAuditLogOptions {
  accountId?: number;
  userId?: number;
  assetId?: number;
  filter?: string;
  limit: number;
}

export function showAuditLog(options: ShowAuditLogOptions): Promise<void> {
  return withServices(async (services) => {
    const { accountId, userId, assetId } = options;
    const scope = { accountId, userId, assetId };
    const { items, total } = await services(AuditLogService).list(scope, {
      terms: options.filter === undefined ? [] : [options.filter],
      order: 'DESC',
      offset: 0,
      limit: options.limit,
    });
    if (items.length === 0) {
      console.log('The audit log has no such entries.');
      return;
    }
    const rows = items.map(({ eventTime, author, authorToken, description }) => [
      eventTime.toISOString(),
      authorToken === null ? author : `${author} (device token ${authorToken})`,
      description,
    ]);
    console.log(formatTable(['Time', 'Author', 'What'], rows));
    if (total > items.length) console.log(`\nThese are the newest ${items.length} of ${total} entries.`);
  });
}
