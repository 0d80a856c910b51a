import { AccountsService, TwoFactorService, UsersService } from '#lib/accounts';
import { AccountRemovalService, AssetRemovalService } from '#lib/administration';
import { AssetsService, AssetTree } from '#lib/assets';
import { BeliefMaintenanceService } from '#lib/beliefs';
import { DeviceTokensService } from '#lib/device-tokens';
import { SensorsService } from '#lib/sensors';
import { withServices } from '../../app/services';
import { confirm } from '../../terminal/confirm';
import { formatCount, joinNames } from '../../terminal/format-lists';

export interface Forced {
  force?: boolean;
}
export type ById = Forced & { id: number };
export type ByIds = Forced & { id: number[] };
export type ByName = Forced & { name: string };
export type ByEmail = Forced & { email: string };
export type TokenOptions = ByEmail & { id: number };

export function deleteStructure({ force }: Forced): Promise<void> {
  return withServices(async (services) => {
    const accounts = (await services(AccountsService).list()).length;
    const sensors = (await services(SensorsService).listIds()).length;
    const question =
      'Delete all assets, asset types, sensors, data sources, annotations, accounts, users and roles ' +
      `(${formatCount(accounts, 'account')} and ${formatCount(sensors, 'sensor')}), and all beliefs?`;
    await confirm(question, { isForced: force });
    await services(AccountRemovalService).removeStructure();
    console.log('All structural data has been deleted.');
  });
}

export function deleteAccountRole({ name, force }: ByName): Promise<void> {
  return withServices(async (services) => {
    const accounts = services(AccountsService);
    await accounts.getRole(name);
    const holders = await accounts.listByRole(name);
    const loss =
      holders.length === 0 ? '' : ` The following accounts will lose it: ${joinNames(holders.map(nameOf))}.`;
    await confirm(`Delete account role '${name}'?${loss}`, { isForced: force });
    await accounts.deleteRole(name);
    if (loss !== '') console.log(loss.trim());
    console.log(`Account role '${name}' has been deleted.`);
  });
}

export function deleteAccount({ id, force }: ById): Promise<void> {
  return withServices(async (services) => {
    const { name } = await services(AccountsService).get(id);
    const users = await services(UsersService).listByAccount(id);
    const assets = await services(AssetsService).listByAccount(id);
    const usersToo = formatCount(users.length, 'user') + inBrackets(users.map(({ username }) => username));
    const assetsToo = formatCount(assets.length, 'asset') + inBrackets(assets.map(nameOf));
    const question = `Delete account '${name}' (Id ${id}) with ${usersToo} and ${assetsToo}, their sensors and all beliefs about them?`;
    await confirm(question, { isForced: force });
    const beliefs = await services(AccountRemovalService).removeAccount(id);
    console.log(`Account ${name} has been deleted, with ${formatCount(beliefs, 'belief')}.`);
  });
}

export function deleteUser({ email, force }: ByEmail): Promise<void> {
  return withServices(async (services) => {
    const { username } = await services(UsersService).getByEmail(email);
    await confirm(`Delete user '${username}' (${email})? The assets of the account stay.`, {
      isForced: force,
    });
    await services(AccountRemovalService).removeUser(email);
    console.log(`User ${username} has been deleted.`);
  });
}

export function deleteDeviceToken({ email, id, force }: TokenOptions): Promise<void> {
  return withServices(async (services) => {
    const user = await services(UsersService).getByEmail(email);
    await confirm(`Revoke device token ${id} of user '${user.username}'?`, { isForced: force });
    await services(DeviceTokensService).revoke(id, user);
    console.log(`Device token ${id} has been revoked.`);
  });
}

export function deleteTwoFactor({ email, force }: ByEmail): Promise<void> {
  return withServices(async (services) => {
    const { id, username } = await services(UsersService).getByEmail(email);
    await confirm(`Remove the second factor of user '${username}'?`, { isForced: force });
    await services(TwoFactorService).disable(id);
    console.log(`User ${username} has no second factor any more.`);
  });
}

export function deleteAsset({ id, force }: ById): Promise<void> {
  return withServices(async (services) => {
    const { name } = await services(AssetsService).get(id);
    const parts = (await services(AssetTree).findTree([id])).length - 1;
    const partsToo = parts === 0 ? '' : ` with ${formatCount(parts, 'asset')} that belong to it`;
    const question = `Delete asset '${name}' (Id ${id})${partsToo}, all sensors and all beliefs about them?`;
    await confirm(question, { isForced: force });
    const beliefs = await services(AssetRemovalService).removeAsset(id);
    console.log(`Asset ${name} has been deleted, with ${formatCount(beliefs, 'belief')}.`);
  });
}

export function deleteSensors({ id: ids, force }: ByIds): Promise<void> {
  const sensorIds = [...new Set(ids)];
  return withServices(async (services) => {
    const sensors = [];
    for (const id of sensorIds) sensors.push(await services(SensorsService).get(id, '--id'));
    const names = joinNames(sensors.map(({ id, name }) => `'${name}' (Id ${id})`));
    if (!force) {
      const beliefs = await services(BeliefMaintenanceService).count({ sensorIds });
      const word = sensors.length === 1 ? 'sensor' : 'sensors';
      await confirm(`Delete ${word} ${names} with ${formatCount(beliefs, 'belief')}?`);
    }
    const beliefs = await services(AssetRemovalService).removeSensors(sensorIds);
    const verb = sensors.length === 1 ? 'Sensor % has' : 'Sensors % have';
    console.log(`${verb.replace('%', () => names)} been deleted, with ${formatCount(beliefs, 'belief')}.`);
  });
}

const nameOf = ({ name }: { name: string }): string => name;

const inBrackets = (names: string[]): string => (names.length === 0 ? '' : ` (${names.join(', ')})`);
