import { command, definePlugin, field, type PluginContext } from '#lib/plugin-api';
import { readGenerationTypes } from './generation-types';
import { importZone } from './import-zone';
import { ATTRIBUTE, powerSensors, priceSensor } from './market-sensors';
import type { PlatformAccess } from './transparency-platform';
import { readZone, type Zone } from './zones';

const PLATFORM_URL = 'https://web-api.tp.entsoe.eu/api';
const ASSET_TYPE = 'bidding zone';
const WAIT_S = 2;
const QUARTER_HOUR_MS = 900_000;

export default definePlugin({
  name: 'entsoe',
  version: '1.0.0',
  description: 'Day-ahead prices and generation of bidding zones from the ENTSO-E Transparency Platform.',
  settings: {
    ENTSOE_AUTH_TOKEN: {
      description: 'Key for the API of the ENTSO-E Transparency Platform.',
      level: 'error',
      parse_as: String,
    },
    ENTSOE_URL: {
      description: 'Address of the API.',
      level: 'info',
      message_if_missing: `${PLATFORM_URL} is used.`,
      parse_as: String,
    },
    ENTSOE_WAIT: {
      description: 'Seconds to wait before a failed request is repeated for the first time.',
      level: 'info',
      message_if_missing: `${WAIT_S} seconds are used.`,
      parse_as: Number,
    },
  },
  cli: {
    description: 'Day-ahead prices and generation of the ENTSO-E Transparency Platform',
    commands: [
      command({
        name: 'add',
        description: 'Add a bidding zone with sensors. What exists is kept.',
        options: {
          zone: field.own(readZone, {
            required: true,
            description: 'name such as NL or DE_LU, or its code (EIC)',
          }),
          types: field.own(readGenerationTypes, {
            description: 'types of generation, such as "solar,onshore wind", or all; default: none',
          }),
          currency: field.own(readCurrency, { description: 'of the prices; default: that of the zone' }),
          sequence: field.integer({
            description: 'number of the auction, where two are published; default: 1',
          }),
          resolution: field.duration({
            default: QUARTER_HOUR_MS,
            description: 'length of events; default: PT15M',
          }),
          accountId: field.id({
            description: 'account that owns the zone; default: none, the zone is public',
          }),
        },
        run: async ({ zone, types = [], currency, sequence, resolution, accountId }, { data }) => {
          const asset = await ensureAsset(zone, accountId, data);
          const fields = { zone, assetId: asset.id, resolution };
          const existing = (await data.listSensors(asset.id)).map(({ name }) => name);
          const wanted = [
            priceSensor(fields, currency ?? zone.currency, sequence),
            ...powerSensors(fields, types),
          ];
          for (const sensor of wanted.filter(({ name }) => !existing.includes(name))) {
            const { id } = await data.addSensor(sensor);
            console.log(`Added sensor ${sensor.name} (ID: ${id}) to asset ${asset.name}.`);
          }
        },
      }),
      command({
        name: 'import',
        description: 'Import prices and generation of one zone, or of all zones that were added.',
        options: {
          zone: field.own(readZone, { description: 'name or code (EIC); default: all' }),
          from: field.date({ description: 'first day there; default: the day before the last stored value' }),
          until: field.date({
            description: 'last day there; default: tomorrow for prices, today for generation',
          }),
        },
        run: async ({ zone, from, until }, context) => {
          const added = await listAdded(context);
          const chosen = zone ? added.filter(({ eic }) => eic === zone.eic) : added;
          if (chosen.length === 0)
            throw new Error(`There is no such zone; run entsoe add --zone ${zone?.name ?? 'NL'} first.`);
          for (const { asset, eic } of chosen) {
            const days = { first: from, last: until };
            await importZone({ zone: readZone(eic), asset, days }, accessOf(context), context);
          }
        },
      }),
    ],
  },
});

/** @throws Error if it is no code such as EUR */
function readCurrency(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw new Error('Must be a code of three letters such as EUR.');
}

async function ensureAsset(zone: Zone, accountId: number | undefined, data: PluginContext['data']) {
  const name = `Bidding zone ${zone.name}`;
  const found = await data.findAsset(name, accountId ?? null);
  if (found) return found;
  const asset = {
    name,
    type: ASSET_TYPE,
    accountId: accountId ?? null,
    attributes: { [ATTRIBUTE]: zone.eic },
  };
  return data.addAsset(asset);
}

/** The assets of zones, with their codes. */
async function listAdded({ data }: PluginContext) {
  return (await data.listAssets()).flatMap((asset) => {
    const eic = asset.attributes[ATTRIBUTE];
    return typeof eic === 'string' ? [{ asset, eic }] : [];
  });
}

const accessOf = (context: PluginContext): PlatformAccess => ({
  url: (context.setting('ENTSOE_URL') as string | undefined) ?? PLATFORM_URL,
  token: context.setting('ENTSOE_AUTH_TOKEN') as string,
  waitMs: ((context.setting('ENTSOE_WAIT') as number | undefined) ?? WAIT_S) * 1000,
});
