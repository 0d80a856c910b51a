import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { summarise, type Figure } from '../figures';
import type { SchedulingService, Server } from './scheduling-service';

const ROOT = join(__dirname, '..', '..', '..', '..');
const START = '2026-12-01T00:00:00+01:00';
const [WARM_UPS, RUNS] = [3, 15];

/** The home of test/golden/home.json with its series: a battery, two chargers, a heat pump with a buffer, solar, and other load. */
interface Home {
  'flex-model': Record<string, unknown>[];
  'flex-context': Record<string, unknown>;
  load_kw: number[];
  solar_kw: number[];
  price_eur_per_kwh: number[];
  negative_price_eur_per_kwh: number[];
}

/** Series in the home that a field names. */
const SERIES_FIELD = /^series (\w+)$/;

/** The time of the job that schedules a home for 48 h at 15 min, from its start to its end, in a warm server. */
export async function benchHomeJob(service: SchedulingService): Promise<Figure[]> {
  const home = JSON.parse(readFileSync(join(ROOT, 'test', 'golden', 'home.json'), 'utf8')) as Home;
  const server = await service.startServer('embedded');
  const figures: Figure[] = [];
  for (const prices of ['price_eur_per_kwh', 'negative_price_eur_per_kwh'] as const) {
    const name = prices === 'price_eur_per_kwh' ? 'home' : 'home with negative prices';
    figures.push(await timeOfJob(service, server, name, { ...home, price_eur_per_kwh: home[prices] }));
  }
  await server.stop();
  return figures;
}

async function timeOfJob(
  service: SchedulingService,
  server: Server,
  name: string,
  home: Home,
): Promise<Figure> {
  const { assetId, trigger } = await setUp(server, name, home);
  const times: number[] = [];
  let result: { cost?: number; gap?: number } = {};
  for (let run = 0; run < WARM_UPS + RUNS; run++) {
    const { schedule } = await server.post(`/assets/${assetId}/schedules/trigger`, trigger);
    const job = await finished(service, schedule as string);
    if (run >= WARM_UPS) times.push(job.ms);
    result = job.result;
  }
  const note = `cost ${result.cost?.toFixed(4)} EUR, gap ${result.gap}`;
  return summarise(`${name}, 48 h at 15 min, time of the job`, times, note);
}

async function finished(service: SchedulingService, id: string) {
  for (;;) {
    const [job] = await service.query<{
      state: string;
      ms: number;
      result: Record<string, never>;
      failure: string;
    }>(
      `SELECT state, (extract(epoch FROM ended_at - started_at) * 1000)::float8 AS ms, result, failure_reason AS failure
       FROM job WHERE id = $1`,
      [id],
    );
    if (job?.state === 'failed') throw new Error(job.failure);
    if (job?.state === 'finished') return job;
    await sleep(20);
  }
}

/** Creates the home with its sensors and data. @returns the body that triggers its schedule */
async function setUp(server: Server, name: string, home: Home) {
  const asset = await server.post('/assets', {
    name,
    generic_asset_type_id: 1,
    account_id: 1,
    latitude: 52,
    longitude: 5,
  });
  const addSensor = async (sensorName: string, unit: string): Promise<number> => {
    const sensor = await server.post('/sensors', {
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
    await server.post('/sensors/data', { sensor, unit, start: START, duration: 'PT48H', values });
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
  const models: object[] = [];
  for (const { device, ...fields } of home['flex-model'])
    models.push({ sensor: await addSensor(String(device), 'kW'), ...(await toFields(fields)) });
  const { 'inflexible-device-sensors': load, ...context } = await toFields(home['flex-context']);
  return {
    assetId: asset['id'] as number,
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
