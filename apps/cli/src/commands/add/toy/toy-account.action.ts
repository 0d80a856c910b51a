import { AssetsService, type Asset } from '#lib/assets';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { type Services, withServices } from '../../../app/services';
import { describeOwner, ensureAsset, ensureSensor, ensureToyOwner } from './toy-structure';

const BATTERY_ATTRIBUTES = { capacity_in_mw: 0.5, min_soc_in_mwh: 0.05, max_soc_in_mwh: 0.45 };

/** Day-ahead prices are known after the auction, at noon of the day before. */
const DAY_AHEAD = {
  knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
  knowledgeHorizonPar: { x: 1, y: 12, z: 'Europe/Paris' },
};

/** The kinds of toy accounts. */
export const TOY_KINDS = ['battery', 'building'];

export interface ToyAccountOptions {
  kind: string;
  name: string;
}

/** Creates a toy account in one transaction. Existing parts are reused. */
export async function addToyAccount(options: ToyAccountOptions): Promise<void> {
  if (!TOY_KINDS.includes(options.kind)) {
    const message = `--kind: there is no toy account of kind '${options.kind}', only ${TOY_KINDS.join(' and ')}.`;
    throw new DomainError('TOY_KIND_UNKNOWN', message, '--kind');
  }
  if (options.kind === 'building')
    return (await import('./building/building.action.js')).addToyBuilding(options.name);
  return withServices(async (services) => {
    const lines = await services(Transactions).run(() => createBattery(services, options.name));
    for (const line of lines) console.log(line);
  });
}

/** The battery of the tutorial. @returns what to tell */
async function createBattery(services: Services, name: string): Promise<string[]> {
  const owner = await ensureToyOwner(services, name);
  const { account } = owner;
  await ensureAsset(services, account, { type: 'solar', name: 'toy-solar' });
  await ensureAsset(services, account, { type: 'building', name: 'toy-building' });
  const battery = await ensureAsset(services, account, {
    type: 'battery',
    name: 'toy-battery',
    attributes: BATTERY_ATTRIBUTES,
  });
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
  await services(AssetsService).setAttributes(battery.id, { sensors_to_show: [prices.id, power.id] });
  return [
    describeOwner(owner),
    `The sensor for battery (dis)charging is ${describe(power)}.`,
    `The sensor for Day ahead prices is ${describe(prices)}.`,
  ];
}

function describe({ id, name, unit, eventResolutionMs }: Sensor): string {
  const minutes = eventResolutionMs / 60_000;
  const resolution = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00`;
  return `<Sensor ${id}: ${name}, unit: ${unit} res.: ${resolution}>`;
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

/** Leaves sensor id 1 unused in an empty database, because the tutorial expects the sensors 2 and 3. */
async function skipFirstSensorId(services: Services): Promise<void> {
  await services(Transactions).query(
    `SELECT nextval(pg_get_serial_sequence('sensor', 'id'))
     FROM pg_sequences WHERE sequencename = 'sensor_id_seq' AND last_value IS NULL`,
  );
}
