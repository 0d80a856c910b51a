import { AccountsService, UsersService, type User } from '#lib/accounts';
import { AssetsService, AssetTree, type Asset, type DetailedAsset } from '#lib/assets';
import { SensorsService } from '#lib/sensors';
import { withServices } from '../../app/services';
import { formatDurationInWords } from '../../terminal/durations';
import { formatTable, formatTitle } from '../../terminal/table';
import { invalidOption } from '../../options/option-error';

export interface ShowAccountOptions {
  id?: number;
  /** Same as `id`; one of the two is required. */
  accountId?: number;
}

export function showAccount({ id, accountId = id }: ShowAccountOptions): Promise<void> {
  if (accountId === undefined) throw invalidOption('--id', 'required; give the id of an account.');
  return withServices(async (services) => {
    const account = await services(AccountsService).get(accountId);
    const roles = account.accountRoles.map((role) => role.name);
    const users = await services(UsersService).listByAccount(account.id);
    const assets = await services(AssetsService).listByAccount(account.id);
    console.log(formatTitle(`Account ${account.name} (ID:${account.id}):`));
    console.log(`\n${roles.length > 0 ? `Account role(s): ${roles.join(', ')}` : 'Account has no roles.'}`);
    console.log(users.length > 0 ? `\nAll users:\n\n${userTable(users)}` : '\nNo users in account ...');
    console.log(assets.length > 0 ? `\nAll assets:\n\n${assetTable(assets)}` : '\nNo assets in account ...');
  });
}

const userTable = (users: User[]): string =>
  formatTable(
    ['Id', 'Name', 'Email', 'Last Login', 'Roles'],
    users.map((user) => [
      user.id,
      user.username,
      user.email,
      user.lastLoginAt?.toISOString(),
      user.roles.map((role) => role.name).join(','),
    ]),
  );

const assetTable = (assets: Asset[]): string =>
  formatTable(
    ['Id', 'Name', 'Type', 'Location'],
    assets.map((asset) => [asset.id, asset.name, asset.assetType.name, location(asset)]),
  );

const location = ({ latitude, longitude }: Asset): string =>
  latitude === null || longitude === null ? '' : `(${latitude}, ${longitude})`;

export function showAsset(options: { id: number }): Promise<void> {
  return withServices(async (services) => {
    const asset = await services(AssetsService).get(options.id);
    const sensors = await services(SensorsService).listByAsset(asset.id);
    console.log(formatTitle(`Asset ${asset.name} (ID:${asset.id}):`));
    const attributes = Object.entries(asset.attributes).map(
      ([name, value]) => `${name}: ${JSON.stringify(value)}`,
    );
    console.log(
      `\n${formatTable(['Type', 'Location', 'Attributes'], [[asset.assetType.name, location(asset), attributes.join('\n')]])}`,
    );
    const details = await detailsOf(asset, services(AssetTree));
    if (details.length > 0) console.log(`\n${formatTable(['Field', 'Value'], details)}`);
    if (sensors.length === 0) {
      console.log('\nNo sensors in asset ...');
      return;
    }
    const rows = sensors.map((sensor) => [
      sensor.id,
      sensor.name,
      sensor.unit,
      formatDurationInWords(sensor.eventResolutionMs),
      sensor.timezone,
      Object.entries(sensor.attributes)
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
        .join('\n'),
    ]);
    console.log('\nAll sensors in asset:\n');
    console.log(formatTable(['Id', 'Name', 'Unit', 'Resolution', 'Timezone', 'Attributes'], rows));
  });
}

/** The fields of an asset that have a value, besides its type, location and attributes. */
async function detailsOf(asset: DetailedAsset, tree: AssetTree): Promise<[string, string][]> {
  const children = (await tree.findChildren([asset.id])).get(asset.id) ?? [];
  const fieldsOf = (fields: Record<string, unknown>): string =>
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .join('\n');
  const details: [string, string][] = [
    ['Parent asset', asset.parentAssetId === null ? '' : String(asset.parentAssetId)],
    ['Child assets', children.map(({ id, name }) => `${name} (ID:${id})`).join('\n')],
    ['Description', asset.description ?? ''],
    ['External ID', asset.externalId ?? ''],
    ['Flex-context', fieldsOf(asset.flexContext)],
    ['Flex-model', fieldsOf(asset.flexModel)],
    ['Sensors to show', (asset.sensorsToShow ?? []).map((entry) => JSON.stringify(entry)).join('\n')],
  ];
  return details.filter(([, value]) => value !== '');
}

export function showAssetTypes(): Promise<void> {
  return withServices(async (services) => {
    const types = await services(AssetsService).listTypes();
    if (types.length === 0) console.log('No asset types created so far.');
    else
      console.log(
        formatTable(
          ['ID', 'Name', 'Description'],
          types.map(({ id, name, description }) => [id, name, description]),
        ),
      );
  });
}
