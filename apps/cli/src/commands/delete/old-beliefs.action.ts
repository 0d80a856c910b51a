import { AccountsService } from '#lib/accounts';
import { BeliefRetention, type OldBeliefs } from '#lib/beliefs';
import { formatInstant } from '#lib/time';
import { withServices } from '../../app/services';
import { timeBeforeOption } from '../../options/parse-times';
import { confirm } from '../../terminal/confirm';
import { formatCount } from '../../terminal/format-lists';
import { formatTable } from '../../terminal/table';

export interface OldBeliefsOptions {
  olderThan: string;
  sourceType?: string[];
  accountId?: number;
  dryRun?: boolean;
  force?: boolean;
}

const HEADERS = ['Source type', 'Account', 'Beliefs', 'First event', 'Last event'];

export function deleteOldBeliefs({
  olderThan,
  sourceType,
  accountId,
  dryRun,
  force,
}: OldBeliefsOptions): Promise<void> {
  const beforeMs = timeBeforeOption('--older-than', olderThan, Date.now());
  return withServices(async (services) => {
    if (accountId !== undefined) await services(AccountsService).get(accountId);
    const rule = { beforeMs, sourceTypes: sourceType, accountId };
    const retention = services(BeliefRetention);
    const before = formatInstant(beforeMs, 'UTC');
    if (dryRun === true || force !== true) {
      const old = await retention.list(rule);
      if (old.length === 0) {
        console.log(`There are no such beliefs about events before ${before}.`);
        return;
      }
      console.log(formatTable(HEADERS, old.map(toRow)));
      if (dryRun === true) {
        console.log(
          `These beliefs about events before ${before} would be deleted. Nothing was deleted (--dry-run).`,
        );
        return;
      }
      await confirm(`Delete these beliefs about events before ${before}?`);
    }
    console.log(
      `Deleted ${formatCount(await retention.delete(rule), 'belief')} about events before ${before}.`,
    );
  });
}

const toRow = ({ sourceType, account, beliefs, firstStart, lastStart }: OldBeliefs): string[] => [
  sourceType,
  account ?? 'public',
  String(beliefs),
  formatInstant(firstStart.getTime(), 'UTC'),
  formatInstant(lastStart.getTime(), 'UTC'),
];
