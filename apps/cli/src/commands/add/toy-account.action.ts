import { AccountsService, TOY_USER, UsersService, type Account, type User } from '#lib/accounts';
import { AssetsService, type Asset } from '#lib/assets';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import { type Services, withServices } from '../../app/services';

const LOCATION = { latitude: 52.374, longitude: 4.88969 };
const TIMEZONE = 'Europe/Amsterdam';

const BATTERY_ATTRIBUTES = { capacity_in_mw: 0.5, min_soc_in_mwh: 0.05, max_soc_in_mwh: 0.45 };

/** Day-ahead prices are known after the auction, at noon of the day before. */
const DAY_AHEAD = {
  knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
  knowledgeHorizonPar: { x: 1, y: 12, z: 'Europe/Paris' },
};

export interface ToyAccountOptions {
  kind: string;
  name: string;
}

/** Creates the toy account of the tutorial in one transaction. Existing parts are reused. */
export function addToyAccount(options: ToyAccountOptions): Promise<void> {
  if (options.kind !== 'battery') {
    const message = `--kind: there is no toy account of kind '${options.kind}', only battery.`;
    throw new DomainError('TOY_KIND_UNKNOWN', message, 'kind');
  }
  return withServices(async (services) => {
    const { lines } = await services(Transactions).run(() => createToyStructure(services, options.name));
    for (const line of lines) console.log(line);
  });
}

async function createToyStructure(services: Services, name: string): Promise<{ lines: string[] }> {
  const assets = services(AssetsService);
  await services(UsersService).ensureRoles();
  await assets.ensureDefaultTypes();
  const { account, isNew } = await ensureAccount(services, name);
  const user = await ensureUser(services, account);
  await ensureAsset(services, account, 'solar');
  await ensureAsset(services, account, 'building');
  const battery = await ensureAsset(services, account, 'battery', BATTERY_ATTRIBUTES);
  const zone = await ensureZone(services);
  await skipFirstSensorId(services);
  const power = await ensureSensor(services, battery, {
    name: 'discharging',
    unit: 'MW',
    eventResolutionMs: 15 * 60_000,
  });
  const prices = await ensureSensor(services, zone, {
    name: 'Day ahead prices',
    unit: 'EUR/MWh',
    eventResolutionMs: 60 * 60_000,
    ...DAY_AHEAD,
  });
  await assets.setAttributes(battery.id, { sensors_to_show: [prices.id, power.id] });
  return { lines: report(account, isNew, user, power, prices) };
}

function report(account: Account, isNew: boolean, user: User, power: Sensor, prices: Sensor): string[] {
  return [
    isNew
      ? `Toy account ${account.name} with user ${user.email} created successfully. ` +
        `You might want to run \`flexmeasures show account --id ${account.id}\``
      : `Toy account ${account.name} (ID: ${account.id}) exists already and is reused.`,
    `The sensor for battery (dis)charging is ${describe(power)}.`,
    `The sensor for Day ahead prices is ${describe(prices)}.`,
  ];
}

function describe({ id, name, unit, eventResolutionMs }: Sensor): string {
  const minutes = eventResolutionMs / 60_000;
  const resolution = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00`;
  return `<Sensor ${id}: ${name}, unit: ${unit} res.: ${resolution}>`;
}

async function ensureAccount(
  services: Services,
  name: string,
): Promise<{ account: Account; isNew: boolean }> {
  const accounts = services(AccountsService);
  const existing = await accounts.findByName(name);
  return existing
    ? { account: existing, isNew: false }
    : { account: await accounts.create(name), isNew: true };
}

async function ensureUser(services: Services, account: Account): Promise<User> {
  const users = services(UsersService);
  const existing = await users.findByEmail(TOY_USER.email);
  if (existing && existing.accountId !== account.id) {
    const message = `User ${TOY_USER.email} belongs to another account (ID: ${existing.accountId}).`;
    throw new DomainError('USER_EXISTS', message, 'name');
  }
  return (
    existing ??
    users.create({ ...TOY_USER, accountId: account.id, roles: ['account-admin'], timezone: TIMEZONE })
  );
}

async function ensureAsset(
  services: Services,
  account: Account,
  type: string,
  attributes = {},
): Promise<Asset> {
  const assets = services(AssetsService);
  const name = `toy-${type}`;
  const existing = await assets.findByName(name, account.id);
  if (existing) return existing;
  const { id: assetTypeId } = (await assets.listTypes()).find((candidate) => candidate.name === type)!;
  return assets.create({ name, assetTypeId, accountId: account.id, attributes, ...LOCATION });
}

async function ensureZone(services: Services): Promise<Asset> {
  const assets = services(AssetsService);
  const name = 'NL transmission zone';
  const type = await assets.ensureType(
    'transmission zone',
    'A grid regulated & balanced as a whole, usually a country.',
  );
  return (
    (await assets.findByName(name, null)) ?? assets.create({ name, assetTypeId: type.id, accountId: null })
  );
}

async function ensureSensor(
  services: Services,
  asset: Asset,
  sensor: Omit<Parameters<SensorsService['create']>[0], 'assetId' | 'timezone'>,
): Promise<Sensor> {
  const sensors = services(SensorsService);
  const existing = await sensors.findByName(sensor.name, asset.id);
  return existing ?? sensors.create({ ...sensor, timezone: TIMEZONE, assetId: asset.id });
}

/** Leaves sensor id 1 unused in an empty database, because the tutorial expects the sensors 2 and 3. */
async function skipFirstSensorId(services: Services): Promise<void> {
  await services(Transactions).query(
    `SELECT nextval(pg_get_serial_sequence('sensor', 'id'))
     FROM pg_sequences WHERE sequencename = 'sensor_id_seq' AND last_value IS NULL`,
  );
}
