import { AccountsService, UsersService } from '#lib/accounts';
import { AssetsService } from '#lib/assets';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { FlexibilityChecks } from '#lib/scheduling';
import { SensorsService } from '#lib/sensors';
import { parseDurationMs } from '#lib/time';
import { withServices } from '../../app/services';
import { askPassword } from '../../terminal/ask-password';

const MINUTE_MS = 60_000;

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

export function addInitialStructure(): Promise<void> {
  return withServices(async (services) => {
    await services(Transactions).run(async () => {
      await services(UsersService).ensureRoles();
      await services(AssetsService).ensureDefaultTypes();
    });
    console.log('Initialised structural data: user roles and asset types.');
  });
}

export interface AccountOptions {
  name: string;
  roles?: string;
}

export function addAccount(options: AccountOptions): Promise<void> {
  return withServices(async (services) => {
    const account = await services(AccountsService).create(options.name, list(options.roles));
    console.log(`Account '${account.name}' (ID: ${account.id}) successfully created.`);
  });
}

export interface NamedOptions {
  name: string;
  description?: string;
}

export function addAccountRole({ name, description }: NamedOptions): Promise<void> {
  return withServices(async (services) => {
    const id = await services(AccountsService).createRole(name, description);
    console.log(`Account role '${name}' (ID: ${id}) successfully created.`);
  });
}

export function addAssetType({ name, description }: NamedOptions): Promise<void> {
  return withServices(async (services) => {
    const id = await services(AssetsService).createType(name, description);
    console.log(`Successfully created asset type with ID ${id}. You can now add assets of this type.`);
  });
}

export interface UserOptions {
  username: string;
  email: string;
  accountId: number;
  roles?: string;
  timezone?: string;
}

export async function addUser(options: UserOptions): Promise<void> {
  const password = await askPassword(`Please enter the password of ${options.username}`);
  return withServices(async (services) => {
    const { username, email, accountId, timezone } = options;
    const roles = list(options.roles);
    const user = await services(UsersService).create({
      username,
      email,
      password,
      accountId,
      roles,
      timezone,
    });
    console.log(`Successfully created user ${user.username} (ID: ${user.id}).`);
  });
}

export interface AssetOptions {
  name: string;
  assetTypeId: number;
  latitude?: number;
  longitude?: number;
  accountId?: number;
  parentAssetId?: number;
  /** Same as `parentAssetId`. */
  parentAsset?: number;
  attributes?: Record<string, unknown>;
  description?: string;
  externalId?: string;
  flexContext?: Record<string, unknown>;
  flexModel?: Record<string, unknown>;
}

export function addAsset({ parentAsset, ...options }: AssetOptions): Promise<void> {
  return withServices(async (services) => {
    const { attributes = {}, parentAssetId = parentAsset } = options;
    const [error] = await services(FlexibilityChecks).findErrors(options, attributes, undefined);
    if (error) throw error;
    const asset = await services(AssetsService).create({
      ...options,
      parentAssetId,
      accountId: options.accountId ?? null,
    });
    console.log(`Successfully created asset with ID ${asset.id}.`);
    console.log(
      `You can access it at its entity ID ${asset.id}; show it with \`flexmeasures show asset --id ${asset.id}\`.`,
    );
  });
}

export interface SensorOptions {
  name: string;
  unit: string;
  eventResolution: string;
  timezone: string;
  assetId: number;
  attributes?: Record<string, unknown>;
}

export function addSensor(options: SensorOptions): Promise<void> {
  return withServices(async (services) => {
    const eventResolutionMs = parseResolution(options.eventResolution);
    const sensor = await services(SensorsService).create({ ...options, eventResolutionMs });
    console.log(`Successfully created sensor with ID ${sensor.id}.`);
  });
}

function parseResolution(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * MINUTE_MS;
  try {
    return parseDurationMs(text);
  } catch {
    const message = `--event-resolution: '${text}' is neither a number of minutes nor an ISO 8601 duration.`;
    throw new DomainError('SENSOR_INVALID', message, '--event-resolution');
  }
}
