import { once } from 'node:events';
import { resolve } from 'node:path';
import { start } from 'node:repl';
import { AccountsService, UserManagement, UsersService } from '#lib/accounts';
import { AssetLists, AssetsService } from '#lib/assets';
import { AuditLogService } from '#lib/audit';
import { BeliefsService } from '#lib/beliefs';
import { describePlaces } from '#lib/config';
import { Transactions } from '#lib/database';
import { openHost, PluginLoader } from '#lib/plugins';
import { JobsService } from '#lib/queues';
import { AnnotationsService, SensorsService, SourcesService } from '#lib/sensors';
import { withJobs, type Services } from '../../app/services';

/** What the shell knows by name. */
const contentOf = (services: Services) => ({
  accounts: services(AccountsService),
  users: services(UsersService),
  userManagement: services(UserManagement),
  assets: services(AssetsService),
  assetLists: services(AssetLists),
  sensors: services(SensorsService),
  sources: services(SourcesService),
  annotations: services(AnnotationsService),
  beliefs: services(BeliefsService),
  jobs: services(JobsService),
  auditLog: services(AuditLogService),
  plugins: services(PluginLoader).plugins,
  sql: (query: string, values: unknown[] = []) => services(Transactions).query(query, values),
});

/** Starts a shell in which `await` works, and ends when the user leaves it. */
export function startShell(): Promise<void> {
  const { settings, source } = openHost();
  return withJobs(async (services) => {
    const content = { ...contentOf(services), settings };
    console.log(`The instance folder is ${resolve('instance')}. ${describePlaces(source)}`);
    console.log(`Names: ${Object.keys(content).join(', ')}.`);
    console.log(
      "Examples: await accounts.list(); await sql('SELECT count(*) FROM sensor'). Leave with .exit.",
    );
    const shell = start({ prompt: 'flexmeasures> ' });
    Object.assign(shell.context, content);
    await once(shell, 'exit');
  });
}
