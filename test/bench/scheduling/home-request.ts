import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The home of test/golden/home.json: a battery, two chargers, a heat pump with a buffer, solar, and other load. */
export interface Home {
  'flex-model': Record<string, unknown>[];
  'flex-context': Record<string, unknown>;
  /** In steps of 15 minutes from the start: kW of load and production, EUR/kWh. */
  load_kw: number[];
  solar_kw: number[];
  price_eur_per_kwh: number[];
  negative_price_eur_per_kwh: number[];
  expected: {
    cost_eur: number;
    tolerance: number;
    with_negative_prices: { lower_bound_of_relaxation_eur: number; found_by_the_project_eur: number };
  };
}

export const HOMES = ['home', 'home with negative prices'] as const;
export type HomeName = (typeof HOMES)[number];

/** Sends a body to a path below `/api/v3_0`. @returns the answer. @throws Error unless it is a success */
type Post = (path: string, json: object) => Promise<Record<string, unknown>>;

/** The home as a request, with the ids of its power sensors in the order of its devices. */
export interface HomeRequest {
  assetId: number;
  sensors: number[];
  trigger: object;
}

const START = '2026-12-01T00:00:00+01:00';

/** Series in the home that a field names. */
const SERIES_FIELD = /^series (\w+)$/;

/** @param root folder of the repository. @returns the home with the prices that its name says */
export function readHome(name: HomeName, root = join(__dirname, '..', '..', '..', '..')): Home {
  const home = JSON.parse(readFileSync(join(root, 'test', 'golden', 'home.json'), 'utf8')) as Home;
  return name === 'home' ? home : { ...home, price_eur_per_kwh: home.negative_price_eur_per_kwh };
}

/** Creates the home with its sensors and data. @returns the body that triggers its schedule of 48 hours */
export async function createHome(post: Post, name: string, home: Home): Promise<HomeRequest> {
  const asset = await post('/assets', {
    name,
    generic_asset_type_id: 1,
    account_id: 1,
    latitude: 52,
    longitude: 5,
  });
  const addSensor = async (sensorName: string, unit: string): Promise<number> => {
    const sensor = await post('/sensors', {
      name: sensorName,
      unit,
      event_resolution: 'PT15M',
      timezone: 'Europe/Amsterdam',
      generic_asset_id: asset['id'],
      attributes: JSON.stringify({ consumption_is_positive: true }),
    });
    return sensor['id'] as number;
  };
  const addSeries = async (series: string): Promise<number> => {
    const unit = series.startsWith('price') ? 'EUR/kWh' : 'kW';
    const sensor = await addSensor(series, unit);
    const values = home[series as 'load_kw'];
    await post('/sensors/data', { sensor, unit, start: START, duration: 'PT48H', values });
    return sensor;
  };
  /** A field as the API takes it. */
  const toField = async (value: unknown): Promise<unknown> => {
    const series = typeof value === 'string' ? SERIES_FIELD.exec(value)?.[1] : undefined;
    if (series !== undefined) return { sensor: await addSeries(series) };
    if (Array.isArray(value)) return value.map(toTarget);
    return value;
  };
  const toFields = async (fields: Record<string, unknown>) =>
    Object.fromEntries(
      await Promise.all(Object.entries(fields).map(async ([key, value]) => [key, await toField(value)])),
    ) as Record<string, unknown>;
  const models: { sensor: number }[] = [];
  for (const { device, ...fields } of home['flex-model'])
    models.push({ sensor: await addSensor(String(device), 'kW'), ...(await toFields(fields)) });
  const { 'inflexible-device-sensors': load, ...context } = await toFields(home['flex-context']);
  return {
    assetId: asset['id'] as number,
    sensors: models.map(({ sensor }) => sensor),
    trigger: {
      start: START,
      duration: 'PT48H',
      'force-new-job-creation': true,
      'flex-model': models,
      'flex-context': { ...context, 'inflexible-device-sensors': [(load as { sensor: number }).sensor] },
    },
  };
}

/** A minimum of the state of charge, hours after the start; other entries of lists stay as they are. */
function toTarget(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || !('at_hours' in entry)) return entry;
  const { at_hours: hours, value } = entry as { at_hours: number; value: string };
  return { datetime: new Date(Date.parse(START) + hours * 3_600_000).toISOString(), value };
}
