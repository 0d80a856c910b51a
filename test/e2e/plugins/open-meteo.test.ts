import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT, TOY_USER } from '../../harness/databases/templates';
import { eventually } from '../../harness/eventually';
import { startApi } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';

const HOUR_S = 3600;

interface OpenMeteo {
  server: Server;
  requests: URL[];
  failures: number[];
  /** Radiation at a time (seconds since 1970), in place of the hour of the day. */
  radiation?: (seconds: number) => number;
}

/** Answers as https://open-meteo.com/en/docs documents it; the real server is not asked. */
function startOpenMeteo(): OpenMeteo {
  const requests: URL[] = [];
  const failures: number[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    requests.push(url);
    const failure = failures.shift();
    response.setHeader('Content-Type', 'application/json');
    if (failure !== undefined) {
      response.statusCode = failure;
      response.end(JSON.stringify({ error: true, reason: 'Latitude must be in range of -90 to 90.' }));
      return;
    }
    const [first, last] = ['start_date', 'end_date'].map(
      (name) => Date.parse(url.searchParams.get(name)!) / 1000,
    );
    const time = Array.from({ length: ((last! - first!) / 86_400 + 1) * 24 }, (_, i) => first! + i * HOUR_S);
    const hourly = Object.fromEntries(
      url.searchParams
        .get('hourly')!
        .split(',')
        .map((variable) => [
          variable,
          variable === 'shortwave_radiation' && service.radiation
            ? time.map(service.radiation)
            : time.map((at) => (at % 86_400 === 5 * HOUR_S ? null : (at / HOUR_S) % 24)),
        ]),
    );
    response.end(
      JSON.stringify({ latitude: 52, longitude: 5, utc_offset_seconds: 0, hourly: { time, ...hourly } }),
    );
  });
  server.listen(0, '127.0.0.1');
  const service: OpenMeteo = { server, requests, failures };
  return service;
}

describe('The bundled plugin open-meteo', () => {
  let database: TestDatabase;
  let sql: Client;
  let env: NodeJS.ProcessEnv;
  const openMeteo = startOpenMeteo();

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
    const { port } = openMeteo.server.address() as AddressInfo;
    env = { FLEXMEASURES_PLUGINS: 'open-meteo', OPEN_METEO_URL: `http://127.0.0.1:${port}` };
  });
  afterAll(async () => {
    openMeteo.server.close();
    await once(openMeteo.server, 'close');
    await sql.end();
    await database.drop();
  });

  const run = (...args: string[]) =>
    flexmeasures(['open-meteo', ...args], { databaseUri: database.uri, env });
  const beliefs = async (sensor: string) => {
    const { rows } = await sql.query<{ start: Date; value: number; horizon: string }>(
      `SELECT event_start AS start, event_value AS value, belief_horizon AS horizon
       FROM timed_belief JOIN sensor ON sensor.id = sensor_id WHERE sensor.name = $1 ORDER BY event_start`,
      [sensor],
    );
    return rows;
  };

  it('adds sensors to an asset with a place, once', async () => {
    const first = await run('add', '--asset-id', '3');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout.match(/Added sensor/g)).toHaveLength(4);
    expect((await run('add', '--asset-id', '3')).stdout).toBe('');
  });

  it('imports a month, whose repetition adds nothing', async () => {
    const month = ['import', '--from', '2026-03-01', '--until', '2026-03-31'];
    expect((await run(...month)).stdout).toContain(`Imported ${4 * 31 * 23} values for asset toy-battery.`);
    expect((await run(...month)).stdout).toContain('Imported 0 values');
    const temperatures = await beliefs('temperature');
    expect(temperatures).toHaveLength(31 * 23);
    expect(temperatures[0]).toEqual({ start: new Date('2026-03-01T00:00Z'), value: 0, horizon: '0' });
    // A value of the radiation is the mean of the hour before its time.
    expect((await beliefs('irradiance'))[1]).toMatchObject({
      start: new Date('2026-03-01T00:00Z'),
      value: 1,
    });
    expect(openMeteo.requests[0]!.searchParams.get('wind_speed_unit')).toBe('ms');
  });

  it('stores what comes as forecasts of now', async () => {
    const [before, after] = [Date.now() + 86_400_000, Date.now() + 2 * 86_400_000];
    const days = [before, after].map((ms) => new Date(ms).toISOString().slice(0, 10)) as [string, string];
    expect((await run('import', '--asset-id', '3', '--from', days[0], '--until', days[1])).code).toBe(0);
    const last = (await beliefs('wind speed')).at(-1)!;
    const beliefTime = last.start.getTime() + HOUR_S * 1000 - Number(last.horizon);
    expect(Math.abs(beliefTime - Date.now())).toBeLessThan(10 * 60_000);
  });

  it('feeds a forecast, which follows the weather that is forecast', async () => {
    const now = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const day = (offset: number): string => new Date(now + offset * 86_400_000).toISOString().slice(0, 10);
    // Clouds leave a share of the sun that differs from day to day, so that the days before do not tell it.
    let tomorrow = 0.9;
    const shareOn = (ms: number): number => {
      const days = Math.floor(ms / 86_400_000);
      return ms >= now ? tomorrow : 0.2 + (0.8 * ((days * 7919) % 31)) / 31;
    };
    /** Mean radiation of the hour that starts at a time, W/m². */
    const radiation = (ms: number): number =>
      800 * shareOn(ms) * Math.max(0, Math.sin((Math.PI * (((ms / 3_600_000) % 24) - 5)) / 14));
    openMeteo.radiation = (seconds) => radiation(seconds * 1000 - 3_600_000);
    /** Imports days. What is forecast was imported half a day ago, as by an import that runs every hour. */
    const importDays = async (from: number): Promise<void> => {
      expect((await run('import', '--from', day(from), '--until', day(2))).code).toBe(0);
      await sql.query(
        `UPDATE timed_belief SET belief_horizon = belief_horizon + 43200000 WHERE belief_horizon > 0
         AND sensor_id = (SELECT id FROM sensor WHERE name = 'irradiance')`,
      );
    };
    await importDays(-40);

    const api = await startApi(database.uri, { FLEXMEASURES_FORECAST_AFTER_DATA: 'False' });
    try {
      const token = await api.logIn(TOY_USER.email, TOY_USER.password);
      const send = (method: string, path: string, json?: unknown) =>
        api.request(method, `/api/v3_0${path}`, { token, json });
      const panel = {
        name: 'panel',
        unit: 'kW',
        event_resolution: 'PT1H',
        generic_asset_id: 3,
        timezone: 'UTC',
      };
      const { id } = (await send('POST', '/sensors', panel)).body as { id: number };
      const start = now - 40 * 86_400_000;
      const values = Array.from({ length: 40 * 24 }, (_, hour) => radiation(start + hour * 3_600_000) / 100);
      const data = {
        start: new Date(start).toISOString(),
        duration: 'P40D',
        values,
        unit: 'kW',
        horizon: 'PT0M',
      };
      expect((await send('POST', `/sensors/${id}/data`, data)).status).toBe(200);
      const { rows } = await sql.query<{ id: number }>(`SELECT id FROM sensor WHERE name = 'irradiance'`);

      /** Forecasts of the day from now on, in kW, and the model that made them. */
      const forecast = async (config: object) => {
        const body = {
          start: new Date(now).toISOString(),
          duration: 'P1D',
          config,
          probabilistic: false,
        };
        const { job } = (await send('POST', `/sensors/${id}/forecasts/trigger`, body)).body as {
          job: string;
        };
        await eventually(
          async () => (await send('GET', `/sensors/${id}/forecasts/${job}`)).status,
          (status) => status !== 202,
        );
        const made = await sql.query<{ start: Date; value: number; model: string }>(
          `SELECT DISTINCT ON (event_start) event_start AS start, event_value AS value, model
           FROM timed_belief JOIN data_source source ON source.id = source_id
           WHERE sensor_id = $1 AND event_start >= $2 ORDER BY event_start, belief_horizon, source_id DESC`,
          [id, new Date(now)],
        );
        expect(made.rows).toHaveLength(24);
        const error = made.rows.reduce(
          (sum, one) => sum + Math.abs(one.value - radiation(one.start.getTime()) / 100),
          0,
        );
        const total = made.rows.reduce((sum, { value }) => sum + value, 0);
        const truth = made.rows.reduce((sum, one) => sum + radiation(one.start.getTime()) / 100, 0);
        return { models: [...new Set(made.rows.map(({ model }) => model))], error: error / truth, total };
      };
      const without = await forecast({});
      const sunny = await forecast({ regressors: [rows[0]!.id] });
      expect(without.models).toEqual(['linear-OLS']);
      expect(sunny.models).toEqual(['linear-OLS with regressors']);
      expect(without.error).toBeGreaterThan(0.2);
      expect(sunny.error).toBeLessThan(0.1);
      tomorrow = 0.3;
      await importDays(0);
      const cloudy = await forecast({ regressors: [rows[0]!.id] });
      expect(cloudy.error).toBeLessThan(0.2);
      expect(cloudy.total / sunny.total).toBeCloseTo(0.3 / 0.9, 1);
    } finally {
      openMeteo.radiation = undefined;
      await api.stop();
    }
  });

  it('tries again after failures that may pass, and says why others do not', async () => {
    openMeteo.failures.push(503, 429);
    expect((await run('import', '--from', '2026-04-01', '--until', '2026-04-01')).stdout).toContain(
      'Imported 92',
    );
    openMeteo.failures.push(400);
    const refused = await run('import');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'Error: open-meteo import failed: Open-Meteo answers with status 400: Latitude must be in range of -90 to 90.\n',
    ]);
    const noSensors = await run('import', '--asset-id', '1');
    expect(noSensors.stderr).toContain('run open-meteo add first.');
  });

  it('imports the other assets if one fails', async () => {
    await run('add', '--asset-id', '1');
    openMeteo.failures.push(400);
    const { code, stdout, stderr } = await run('import', '--from', '2026-05-01', '--until', '2026-05-01');
    expect(stderr).toContain('Latitude must be in range');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^Imported 92 values/) as string,
    });
  });
});
