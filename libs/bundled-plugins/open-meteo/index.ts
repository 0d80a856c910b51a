import {
  command,
  definePlugin,
  field,
  type PluginAsset,
  type PluginContext,
  type PluginEvent,
  type PluginSensor,
} from '#lib/plugin-api';
import { fetchForecast, HOUR_MS, QUANTITIES, type Forecast, type Quantity } from './weather';

const DAY_MS = 86_400_000;
const SOURCE = 'Open-Meteo';
const ATTRIBUTE = 'open-meteo';
/** Days of a forecast. */
const DAYS_AHEAD = 7;

export default definePlugin({
  name: 'open-meteo',
  version: '1.0.0',
  description: 'Weather forecasts of Open-Meteo for the places of assets.',
  settings: {
    OPEN_METEO_URL: {
      description: 'Server of Open-Meteo.',
      level: 'info',
      message_if_missing: 'https://api.open-meteo.com is used.',
      parse_as: String,
    },
  },
  cli: {
    description: 'Weather forecasts of Open-Meteo',
    commands: [
      command({
        name: 'add',
        description: 'Add sensors of the weather to an asset that has a place. Those that exist are kept.',
        options: { assetId: field.id({ required: true, description: 'asset to which they are added' }) },
        run: async ({ assetId }, { data }) => {
          const asset = await data.getAsset(assetId);
          requirePlace(asset);
          const existing = await data.listSensors(assetId);
          for (const quantity of QUANTITIES) {
            if (existing.some(({ name }) => name === quantity.sensor)) continue;
            const { id } = await data.addSensor(sensorOf(quantity, assetId));
            console.log(`Added sensor ${quantity.sensor} (ID: ${id}) to asset ${asset.name}.`);
          }
        },
      }),
      command({
        name: 'import',
        description: 'Import forecasts for one asset, or for all assets with sensors of the weather.',
        options: {
          assetId: field.id({ description: 'asset; default: all' }),
          from: field.date({ description: 'first day, UTC; default: yesterday' }),
          until: field.date({ description: `last day, UTC; default: in ${DAYS_AHEAD} days` }),
        },
        run: async ({ assetId, from, until }, context) => {
          const { data } = context;
          const assets = assetId === undefined ? await data.listAssets() : [await data.getAsset(assetId)];
          const period = { first: from ?? dayIn(-1), last: until ?? dayIn(DAYS_AHEAD) };
          const failures: Error[] = [];
          for (const asset of assets) {
            const sensors = (await data.listSensors(asset.id)).filter((one) => ATTRIBUTE in one.attributes);
            if (sensors.length > 0) {
              await importAsset(asset, sensors, period, context).catch((error: unknown) => {
                failures.push(new Error(`Asset ${asset.name}: ${String(error)}`, { cause: error }));
              });
            } else if (assetId !== undefined)
              throw new Error(`Asset ${assetId} has no sensors of the weather; run open-meteo add first.`);
          }
          report(failures);
        },
      }),
    ],
  },
});

const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const sensorOf = ({ sensor, unit, variable }: Quantity, assetId: number) => ({
  ...{ assetId, name: sensor, unit },
  resolution: HOUR_MS,
  timezone: 'UTC',
  attributes: { [ATTRIBUTE]: variable },
});

/** An asset that fails does not keep the others from being imported. @throws Error if there are failures: the only one, or their number */
function report(failures: readonly Error[]): void {
  if (failures.length === 1) throw failures[0]!.cause;
  for (const { message } of failures) console.error(message);
  if (failures.length > 1) throw new Error(`The weather of ${failures.length} assets was not imported.`);
}

/** @throws Error if the asset has no place */
function requirePlace({ id, latitude, longitude }: PluginAsset): { latitude: number; longitude: number } {
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  throw new Error(`Asset ${id} has no latitude and longitude.`);
}

async function importAsset(
  asset: PluginAsset,
  sensors: readonly PluginSensor[],
  period: { first: string; last: string },
  context: PluginContext,
): Promise<void> {
  const { data } = context;
  const url = (context.setting('OPEN_METEO_URL') as string | undefined) ?? 'https://api.open-meteo.com';
  const now = new Date();
  const forecast = await fetchForecast(url, { ...requirePlace(asset), ...period });
  let saved = 0;
  for (const sensor of sensors) {
    const quantity = QUANTITIES.find(({ variable }) => variable === sensor.attributes[ATTRIBUTE]);
    if (!quantity) continue;
    const events = eventsOf(forecast, quantity);
    // What has happened is known since it happened; what comes is known now.
    const isPast = ({ start }: PluginEvent) => start.getTime() + HOUR_MS <= now.getTime();
    const past = events.filter(isPast);
    const future = events.filter((event) => !isPast(event));
    saved += await data.saveBeliefs(sensor.id, { source: SOURCE, events: past, beliefHorizon: 0 });
    saved += await data.saveBeliefs(sensor.id, { source: SOURCE, events: future, beliefTime: now });
  }
  console.log(`Imported ${saved} values for asset ${asset.name}.`);
}

/** The known values of a quantity as events of an hour. */
function eventsOf({ time, values }: Forecast, { variable, isOfHourBefore }: Quantity): PluginEvent[] {
  const shiftMs = isOfHourBefore ? HOUR_MS : 0;
  return time.flatMap((seconds, i) => {
    const value = values[variable]?.[i] ?? undefined;
    return value === undefined ? [] : [{ start: new Date(seconds * 1000 - shiftMs), value }];
  });
}
