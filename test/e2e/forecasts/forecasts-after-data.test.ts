import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startApi, startApiHere, type Api } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { pickCases } from '../../harness/effort';
import { eventually } from '../../harness/eventually';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { holdForecasts } from '../../harness/scenes/hold-forecasts';

const HOUR_MS = 3_600_000;
const HOURS = 24 * 20;
/** Jobs for a sensor with hourly events: 1, 6, 24 and 48 hours ahead. */
const JOBS = 4;

describe('Automatic forecasts after new data', () => {
  let database: TestDatabase;
  let folder: string;
  let sql: Client;
  const servers: Api[] = [];
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-'));
    sql = new Client(database.uri);
    await sql.connect();
    await run('add', 'toy-account');
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<void> {
    const { code, stderr } = await flexmeasures(args, { databaseUri: database.uri, cwd: folder });
    if (code !== 0) throw new Error(stderr);
  }
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<Api> => {
    const server = await startApiHere(database.uri, env);
    servers.push(server);
    return server;
  };
  const logIn = (server: Api) => server.logIn('toy-user@flexmeasures.io', 'toy-password');

  /** A sensor of the toy account, of 60 minutes unless stated otherwise. */
  let counter = 0;
  async function aSensor(resolution = '60 minutes'): Promise<number> {
    const { rows } = await sql.query<{ id: number }>(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ($1, 'kW', $2::interval, 'Europe/Amsterdam', 3) RETURNING id`,
      [`load ${++counter}`, resolution],
    );
    return rows[0]!.id;
  }
  const usual = (ms: number): number => 20 + 10 * Math.sin((2 * Math.PI * ms) / (24 * HOUR_MS));
  /** A file of measurements up to now. */
  function measurements(stepMs = HOUR_MS): string {
    const rows = Array.from({ length: (HOURS * HOUR_MS) / stepMs }, (_, i) => nowMs - (i + 1) * stepMs);
    const lines = rows.reverse().map((ms) => `${iso(ms)},${usual(ms).toFixed(3)}`);
    return `time,value\n${lines.join('\n')}\n`;
  }
  const post = (server: Api, token: string, sensor: number, startMs = nowMs - 2 * HOUR_MS) =>
    server.request('POST', '/api/v3_0/sensors/data', {
      token,
      json: { sensor, start: iso(startMs), duration: 'PT2H', unit: 'kW', values: [1, 2] },
    });

  /** How many hours from now on are forecast. */
  const forecastHours = async (sensor: number): Promise<number> => {
    const { rows } = await sql.query<{ count: number }>(
      `SELECT count(DISTINCT event_start)::int AS count
       FROM timed_belief JOIN data_source ON data_source.id = source_id
       WHERE sensor_id = $1 AND type = 'forecasting script' AND event_start >= $2`,
      [sensor, iso(nowMs)],
    );
    return rows[0]!.count;
  };
  const untilForecast = (sensor: number) =>
    eventually(
      () => forecastHours(sensor),
      (count) => count >= 48,
    );
  /** Numbers of forecast jobs by sensor. */
  const jobs = async (): Promise<Record<number, number>> => {
    const { rows } = await sql.query<{ id: number; count: number }>(
      `SELECT (payload ->> 'sensorId')::int AS id, count(*)::int AS count FROM job
       WHERE queue = 'forecasting' GROUP BY 1`,
    );
    return Object.fromEntries(rows.map(({ id, count }) => [id, count]));
  };
  const untilJobs = (sensors: readonly number[]) =>
    eventually(jobs, (counts) => sensors.every((id) => (counts[id] ?? 0) >= JOBS));
  const oneJobSetEach = (sensors: readonly number[]) => Object.fromEntries(sensors.map((id) => [id, JOBS]));
  it('case 23: are made after an upload, after a file import on the command line, and after resampling', async () => {
    const [uploaded, loaded, resampled] = [await aSensor(), await aSensor(), await aSensor('30 minutes')];
    writeFileSync(join(folder, 'hours.csv'), measurements());
    writeFileSync(join(folder, 'halves.csv'), measurements(HOUR_MS / 2));
    // No process runs the jobs yet: the server that starts next does.
    const source = ['--source', 'meter'];
    await run('add', 'beliefs', 'hours.csv', '--sensor-id', `${loaded}`, ...source);
    const server = await start();
    const token = await logIn(server);
    const form = new FormData();
    form.append('file', new Blob([measurements()], { type: 'text/csv' }), 'hours.csv');
    form.append('unit', 'kW');
    const { status } = await server.fetch(
      new Request(`${server.url}/api/v3_0/sensors/${uploaded}/data`, {
        method: 'POST',
        headers: { Authorization: token },
        body: form,
      }),
    );
    expect(status).toBe(200);
    for (const sensor of [loaded, uploaded]) await untilForecast(sensor);

    await run('add', 'beliefs', 'halves.csv', '--sensor-id', `${resampled}`, ...source);
    await untilForecast(resampled);
    await sql.query('DELETE FROM timed_belief WHERE sensor_id = $1 AND event_start >= $2', [
      resampled,
      iso(nowMs),
    ]);
    await run(
      ...['edit', 'resample-data', '--sensor-id', `${resampled}`, '--event-resolution', '60'],
      '--skip-integrity-check',
    );
    await untilForecast(resampled);
  });

  it('are made although a server dies between the save and its subscriptions', async () => {
    await holdForecasts(database.uri);
    const sensors: number[] = [];
    for (const delayMs of pickCases([0, 20, 200, 900, 1100], 3)) {
      const server = await startApi(database.uri);
      const token = await logIn(server);
      const sensor = await aSensor();
      sensors.push(sensor);
      expect((await post(server, token, sensor)).status).toBe(200);
      await sleep(delayMs);
      await server.kill();
    }
    await start();
    await untilJobs(sensors);
    await waitForEvents(sql);
    expect(await jobs()).toEqual(oneJobSetEach(sensors));
  });

  it('are queued once by several servers', async () => {
    await holdForecasts(database.uri);
    const running = [await start(), await start()];
    const tokens = await Promise.all(running.map(logIn));
    const sensors: number[] = [];
    for (let i = 0; i < 12; i++) sensors.push(await aSensor());
    const answers = await Promise.all(
      sensors.map((sensor, i) => post(running[i % 2]!, tokens[i % 2]!, sensor)),
    );
    expect(answers.map(({ status }) => status)).toEqual(sensors.map(() => 200));
    await untilJobs(sensors);
    await waitForEvents(sql);
    expect(await jobs()).toEqual(oneJobSetEach(sensors));
  });

  it('are not made for events shorter than ten seconds', async () => {
    await holdForecasts(database.uri);
    const server = await start();
    const token = await logIn(server);
    const [short, long] = [await aSensor('9 seconds'), await aSensor('10 seconds')];
    for (const sensor of [short, long])
      expect((await post(server, token, sensor, nowMs - 33 * HOUR_MS)).status).toBe(200);
    await untilJobs([long]);
    await waitForEvents(sql);
    expect(await jobs()).toEqual(oneJobSetEach([long]));
  });

  it('case 23: are not made in play mode, or when the setting turns them off', async () => {
    await holdForecasts(database.uri);
    for (const env of [{ FLEXMEASURES_MODE: 'play' }, { FLEXMEASURES_FORECAST_AFTER_DATA: 'False' }]) {
      const server = await start(env);
      expect((await post(server, await logIn(server), await aSensor())).status).toBe(200);
      await waitForEvents(sql);
      await Promise.all(servers.splice(0).map((one) => one.stop()));
    }
    expect(await jobs()).toEqual({});
  });

  it('record the actor of every event: user, command, job or subscription', async () => {
    const server = await start();
    const token = await logIn(server);
    const sensor = await aSensor();
    await post(server, token, sensor);
    await eventually(jobs, (counts) => counts[sensor] === JOBS);
    await eventually(
      async () => (await sql.query("SELECT FROM job WHERE state <> 'finished'")).rowCount,
      (count) => count === 0,
    );
    const { rows } = await sql.query<{ name: string; actors: string[] }>(
      `SELECT name, array_agg(DISTINCT CASE WHEN actor ? 'job' THEN 'job' ELSE (actor - 'systemUser')::text END) AS actors
       FROM event GROUP BY name`,
    );
    const actors = Object.fromEntries(rows.map((row) => [row.name, row.actors]));
    expect(actors).toMatchObject({
      'account.created': ['{"command": "add toy-account"}'],
      'asset.created': ['{"command": "add toy-account"}'],
      'sensor.created': ['{"command": "add toy-account"}'],
      'user.created': ['{"command": "add toy-account"}'],
      'beliefs.saved': expect.arrayContaining(['{"user": 1}']) as string[],
      'job.queued': ['{"subscription": "forecasts-after-data"}'],
      'job.started': ['job'],
      'job.finished': ['job'],
    });
  });
});
