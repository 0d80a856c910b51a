import { AccountsService, PlansService, UsersService } from '#lib/accounts';
import { AssetsService } from '#lib/assets';
import { SourcesService } from '#lib/sensors';
import { withServices } from '../../app/services';
import { formatTable } from '../../terminal/table';

export function showAccounts(): Promise<void> {
  return withServices(async (services) => {
    const accounts = await services(AccountsService).list();
    if (accounts.length === 0) {
      console.log('No accounts created yet.');
      return;
    }
    const assets = await services(AssetsService).countByAccount();
    console.log('All accounts on this FlexMeasures instance:\n');
    const rows = accounts.map(({ id, name, accountRoles }) => [
      id,
      name,
      assets.get(id) ?? 0,
      accountRoles.map((role) => role.name).join(','),
    ]);
    console.log(formatTable(['Id', 'Name', 'Assets', 'Roles'], rows));
  });
}

export function showRoles(): Promise<void> {
  return withServices(async (services) => {
    const accountRoles = await services(AccountsService).listRoles();
    const userRoles = await services(UsersService).listRoles();
    console.log(accountRoles.length > 0 ? 'Account roles:\n' : 'No account roles created yet.');
    if (accountRoles.length > 0) console.log(roleTable(accountRoles));
    console.log(userRoles.length > 0 ? '\nUser roles:\n' : '\nNo user roles created yet, not even admin.');
    if (userRoles.length > 0) console.log(roleTable(userRoles));
  });
}

const roleTable = (roles: { id: number; name: string; description: string }[]): string =>
  formatTable(
    ['Id', 'Name', 'Description'],
    roles.map(({ id, name, description }) => [id, name, description]),
  );

export function showDataSources(options: { id?: number }): Promise<void> {
  return withServices(async (services) => {
    const sources = services(SourcesService);
    const found = options.id === undefined ? await sources.list() : [await sources.get(options.id, '--id')];
    if (found.length === 0) {
      console.log('No data sources created yet.');
      return;
    }
    const rows = found.map(({ id, type, name, userId, model, version }) => [
      ...[id, type, name],
      ...[userId, model, version],
    ]);
    console.log(formatTable(['Id', 'Type', 'Name', 'User Id', 'Model', 'Version'], rows));
  });
}

export function showPlans(): Promise<void> {
  return withServices(async (services) => {
    const plans = await services(PlansService).list();
    if (plans.length === 0) {
      console.log('No plans created yet.');
      return;
    }
    const rows = plans.map(({ id, name, defaultRateLimit, triggerRateLimit, rateLimitKey, legacy }) => [
      ...[id, name, defaultRateLimit, triggerRateLimit, rateLimitKey],
      legacy ? 'yes' : '',
    ]);
    console.log(formatTable(['Id', 'Name', 'Requests', 'Triggers', 'Triggers per', 'Legacy'], rows));
  });
}
