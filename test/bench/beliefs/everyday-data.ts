import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Client } from 'pg';
import { DAY_MS, QUARTER_MS } from '../bench-app';
import { ROOT } from '../bench-server';
import { withClient } from '../programs/with-client';

const QUARTERS_OF_DAY = DAY_MS / QUARTER_MS;
/** Days with measurements. */
export const DAYS = 3650;
const DAYS_PER_STATEMENT = 30;
/** Connections that load beliefs at the same time. */
const LOADERS = 2;
const SENSORS_PER_ASSET = 3;

/** Meters with ten years of measurements until the start of today. */
export interface Meters {
  sensorIds: number[];
  assetIds: number[];
  startMs: number;
  endMs: number;
}

/** The number of meters that have about as many beliefs together. */
export const metersFor = (beliefs: number): number => Math.ceil(beliefs / (DAYS * QUARTERS_OF_DAY));

/** Creates assets with three meters each, without measurements. */
export async function createMeters(
  count: number,
  send: (path: string, body: object) => Promise<{ id: number }>,
): Promise<Meters> {
  const [sensorIds, assetIds]: [number[], number[]] = [[], []];
  while (sensorIds.length < count) {
    const asset = { name: `site ${assetIds.length + 1}`, generic_asset_type_id: 1, account_id: 1 };
    const { id: assetId } = await send('/api/v3_0/assets', asset);
    assetIds.push(assetId);
    for (let meter = 1; meter <= SENSORS_PER_ASSET && sensorIds.length < count; meter++) {
      const sensor = { name: `meter ${meter}`, unit: 'MW', event_resolution: 15, timezone: 'UTC' };
      sensorIds.push((await send('/api/v3_0/sensors', { ...sensor, generic_asset_id: assetId })).id);
    }
  }
  const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return { sensorIds, assetIds, startMs: endMs - DAYS * DAY_MS, endMs };
}

/** Adds the measurements in their order of arrival: day by day, and meter by meter. @returns their number */
export async function loadMeasurements(uri: string, { sensorIds, startMs }: Meters): Promise<number> {
  const perDay = sensorIds.length * QUARTERS_OF_DAY;
  let nextDay = 0;
  const load = (client: Client) => async (): Promise<void> => {
    while (nextDay < DAYS) {
      const day = nextDay;
      nextDay = Math.min(DAYS, day + DAYS_PER_STATEMENT);
      const began = performance.now();
      const parameters = [perDay * day, perDay * nextDay - 1, sensorIds, new Date(startMs), sensorIds.length];
      const { rowCount } = await client.query(LOAD, parameters);
      const rate = Math.round((rowCount ?? 0) / (performance.now() - began));
      console.log(
        `${new Date().toISOString()} loaded ${nextDay} of ${DAYS} days; last part: ${rate},000 beliefs/s`,
      );
    }
  };
  await Promise.all(Array.from({ length: LOADERS }, () => withClient(uri, (client) => load(client)())));
  return perDay * DAYS;
}

/** Parameters: the first and the last number of a belief, the ids of the sensors, the first event, the number of sensors. */
const LOAD = `
  INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
  SELECT ($3::int[])[1 + i / ${QUARTERS_OF_DAY} % $5::int], (SELECT min(id) FROM data_source),
    $4::timestamptz + (i / (${QUARTERS_OF_DAY} * $5::int) * ${QUARTERS_OF_DAY} + i % ${QUARTERS_OF_DAY}) * interval '15 minutes',
    0, (i * 7919 % 1000) / 1000::float8
  FROM generate_series($1::bigint, $2::bigint) AS i`;

/** Runs a command of `flexmeasures`. @returns its output */
export const command = (home: string, env: NodeJS.ProcessEnv, args: readonly string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'apps', 'cli', 'bin', 'flexmeasures.js'), ...args], {
    ...{ cwd: home, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  });
