import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { spawnFlexmeasures } from '../../harness/servers/cli';

const HOUR_S = 3600;

/** Answers as https://open-meteo.com/en/docs documents it; the real server is not asked. */
function startOpenMeteo(): { server: Server; requests: URL[]; failures: number[] } {
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
          time.map((at) => (at % 86_400 === 5 * HOUR_S ? null : (at / HOUR_S) % 24)),
        ]),
    );
    response.end(
      JSON.stringify({ latitude: 52, longitude: 5, utc_offset_seconds: 0, hourly: { time, ...hourly } }),
    );
  });
  server.listen(0, '127.0.0.1');
  return { server, requests, failures };
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
    spawnFlexmeasures(['open-meteo', ...args], { databaseUri: database.uri, env });
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
