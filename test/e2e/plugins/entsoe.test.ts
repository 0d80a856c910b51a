import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { flexmeasures, spawnFlexmeasures } from '../../harness/servers/cli';
import { freePort } from '../../harness/servers/processes';
import { acknowledgement, EntsoeService, priceAt, TOKEN, ZONE_CODES } from './entsoe-service';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const PRICE = 'day-ahead price';

interface Belief {
  start: Date;
  value: number;
  /** When the price was believed first. */
  belief: Date;
}

describe('The bundled plugin entsoe', () => {
  let database: TestDatabase;
  let sql: Client;
  let env: NodeJS.ProcessEnv;
  const service = new EntsoeService();

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
    env = {
      FLEXMEASURES_PLUGINS: 'entsoe',
      ...{ ENTSOE_URL: await service.start(), ENTSOE_AUTH_TOKEN: TOKEN, ENTSOE_WAIT: '0.01' },
    };
  });
  afterAll(async () => {
    await service.stop();
    await sql.end();
    await database.drop();
  });
  beforeEach(() => {
    service.requests.length = 0;
    service.createdAt = '';
  });

  const run = (...args: string[]) => flexmeasures(['entsoe', ...args], { databaseUri: database.uri, env });
  const importDays = (zone: string, from: string, until: string) =>
    run('import', '--zone', zone, '--from', from, '--until', until);
  /** Beliefs about the day-ahead price of the Netherlands, whose knowledge time is noon of the day before. */
  const prices = async (from: string, until: string, sensor = PRICE, zone = 'NL'): Promise<Belief[]> => {
    const { rows } = await sql.query<Belief>(
      `SELECT event_start AS start, event_value AS value,
         ((event_start AT TIME ZONE 'Europe/Brussels')::date - 1 + time '12:00') AT TIME ZONE 'Europe/Brussels'
           - belief_horizon * interval '1 ms' AS belief
       FROM timed_belief JOIN sensor ON sensor.id = sensor_id JOIN generic_asset asset ON asset.id = generic_asset_id
       WHERE sensor.name = $1 AND asset.name = $2 AND event_start >= $3 AND event_start < $4
       ORDER BY event_start, belief`,
      [sensor, `Bidding zone ${zone}`, from, until],
    );
    return rows;
  };
  const sensorId = async (zone: string): Promise<string> => {
    const { rows } = await sql.query<{ id: number }>(
      `SELECT sensor.id FROM sensor JOIN generic_asset asset ON asset.id = generic_asset_id
       WHERE sensor.name = $1 AND asset.name = $2`,
      [PRICE, `Bidding zone ${zone}`],
    );
    return String(rows[0]!.id);
  };

  it('adds a public zone with sensors of prices and generation, once', async () => {
    const wanted = ['add', '--zone', 'NL', '--types', 'solar,pumped storage'];
    const { code, stderr, stdout } = await run(...wanted);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/(?<=Added sensor ).*(?= \(ID)/g)).toEqual([
      ...[PRICE, 'generation of solar'],
      ...['generation of pumped storage', 'consumption of pumped storage'],
    ]);
    expect(await run(...wanted)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { rows } = await sql.query(
      `SELECT unit, event_resolution, timezone, account_id FROM sensor JOIN generic_asset asset ON asset.id = generic_asset_id
       WHERE sensor.name = $1`,
      [PRICE],
    );
    expect(rows).toEqual([
      {
        unit: 'EUR/MWh',
        timezone: 'Europe/Amsterdam',
        account_id: null,
        event_resolution: expect.anything() as unknown,
      },
    ]);
    const wrong = await run('add', '--zone', 'SE', '--types', 'sunlight');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('Must be one of AL, AT,')]);
  });

  it('believes prices since they were published, and corrections since they were made', async () => {
    const [from, until] = ['2026-02-28T23:00Z', '2026-03-01T23:00Z'];
    service.createdAt = '2026-02-28T11:52:10Z';
    expect((await importDays('NL', '2026-03-01', '2026-03-01')).stdout).toContain(
      `Imported 96 values for ${PRICE} of NL.`,
    );
    expect((await prices(from, until)).map(({ belief }) => belief.toISOString())).toEqual(
      Array.from({ length: 96 }, () => '2026-02-28T11:52:10.000Z'),
    );
    service.createdAt = '2026-03-04T09:00:00Z';
    service.corrections.set(Date.parse('2026-03-01T10:00Z'), 99);
    expect((await importDays('NL', '2026-03-01', '2026-03-01')).stdout).toContain(
      `Imported 4 values for ${PRICE} of NL.`,
    );
    const corrected = await prices('2026-03-01T10:00Z', '2026-03-01T10:15Z');
    expect(corrected).toMatchObject([
      { value: 50, belief: new Date('2026-02-28T11:52:10Z') },
      { value: 99, belief: new Date('2026-03-04T09:00Z') },
    ]);
    service.corrections.clear();
    await importDays('NL', '2026-03-01', '2026-03-01');
  });

  it('imports a month with a missing hour, whose repetition adds nothing', async () => {
    const month = (): ReturnType<typeof run> => importDays('NL', '2026-03-02', '2026-04-01');
    const quarters = (31 * 24 - 1) * 4;
    // In a process of its own, as users do.
    const first = await spawnFlexmeasures(
      ['entsoe', 'import', '--zone', 'NL', '--from', '2026-03-02', '--until', '2026-04-01'],
      { databaseUri: database.uri, env },
    );
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain(`Imported ${quarters} values for ${PRICE} of NL.`);
    expect(first.stdout).toContain(`Imported ${quarters - 4} values for generation of solar of NL.`);
    expect(
      service.requests.map(
        (query) => `${query.get('documentType')} ${query.get('periodStart')} ${query.get('periodEnd')}`,
      ),
    ).toEqual(['A44 202603012300 202604012200', 'A75 202603012300 202604012200']);
    const once = await prices('2026-03-01T23:00Z', '2026-04-01T22:00Z');
    expect(once.map(({ value }) => value)).toEqual(once.map(({ start }) => priceAt(start.getTime())));
    expect(once.map(({ start }) => start.getTime())).toEqual(
      Array.from({ length: quarters }, (_, i) => Date.parse('2026-03-01T23:00Z') + i * QUARTER_MS),
    );
    // Long after their publication, prices are believed since one o'clock of the day before.
    expect(once.find(({ start }) => start.toISOString() === '2026-03-29T00:45:00.000Z')?.belief).toEqual(
      new Date('2026-03-28T12:00Z'),
    );
    expect(once.at(-1)!.belief).toEqual(new Date('2026-03-31T11:00Z'));
    expect((await month()).stdout.match(/Imported \d+/g)).toEqual(
      Array.from({ length: 4 }, () => 'Imported 0'),
    );
    expect(await prices('2026-03-01T23:00Z', '2026-04-01T22:00Z')).toEqual(once);
  });

  it('keeps gaps, and what storage generates apart from what it consumes', async () => {
    const { rows } = await sql.query<{ name: string; value: number; count: string; horizon: string }>(
      `SELECT name, max(event_value) AS value, count(*), max(belief_horizon) AS horizon FROM timed_belief
       JOIN sensor ON sensor.id = sensor_id
       WHERE name LIKE '% of pumped storage' AND event_start >= '2026-03-01T23:00Z' AND event_start < '2026-03-02T02:00Z'
       GROUP BY name ORDER BY name`,
    );
    // Believed an hour after the event, because the document is much newer.
    const hour = { count: '8', horizon: String(-HOUR_MS) };
    expect(rows).toEqual([
      { name: 'consumption of pumped storage', value: 35, ...hour },
      { name: 'generation of pumped storage', value: 120, ...hour },
    ]);
  });

  it('imports hours before October 2025, quarter-hours since, and the doubled hour, of the coupled auction', async () => {
    expect((await run('add', '--zone', 'DE-LU')).code).toBe(0);
    const { stdout } = await importDays('DE_LU', '2025-09-30', '2025-10-26');
    expect(stdout).toContain(`Imported ${(27 * 24 + 1) * 4} values for ${PRICE} of DE_LU.`);
    const around = await prices('2025-09-30T21:00Z', '2025-09-30T23:00Z', PRICE, 'DE_LU');
    expect(around.map(({ value }) => value)).toEqual([61, 61, 61, 61, 62, 62.25, 62.5, 62.75]);
    // From two to three o'clock twice.
    const doubled = await prices('2025-10-26T00:00Z', '2025-10-26T02:00Z', PRICE, 'DE_LU');
    expect(doubled.map(({ value }) => value)).toEqual([40, 40.25, 40.5, 40.75, 41, 41.25, 41.5, 41.75]);
  });

  it('feeds a schedule, which charges at the lowest price and discharges at the highest', async () => {
    const schedule = await flexmeasures(
      [
        ...[
          'add',
          'schedule',
          'for-storage',
          '--sensor-id',
          '2',
          '--consumption-price-sensor',
          await sensorId('NL'),
        ],
        ...['--start', '2026-03-29T00:00+01:00', '--duration', 'PT23H', '--soc-at-start', '50%'],
        ...['--roundtrip-efficiency', '90%'],
      ],
      { databaseUri: database.uri },
    );
    expect([schedule.code, schedule.stderr, schedule.stdout]).toEqual([0, '', 'New schedule is stored.\n']);
    const { rows } = await sql.query<{ start: Date; power: number }>(
      'SELECT event_start AS start, event_value AS power FROM timed_belief WHERE sensor_id = 2 ORDER BY event_start',
    );
    expect(rows).toHaveLength(23 * 4);
    const at = (text: string): number =>
      rows.find(({ start }) => start.getTime() === Date.parse(text))!.power;
    // The power is at most 0.5 MW, and charging is negative. All quarters of the cheapest hour cost the same.
    const cheapest = ['03:00', '03:15', '03:30', '03:45'].reduce(
      (sum, time) => sum + at(`2026-03-29T${time}Z`) / 4,
      0,
    );
    expect(cheapest).toBeLessThan(-0.4);
    expect(at('2026-03-29T21:45Z')).toBeCloseTo(0.5, 6);
    const cost = rows.reduce((sum, { start, power }) => sum - (power / 4) * priceAt(start.getTime()), 0);
    expect(cost).toBeLessThan(-30);
  });

  it('continues where the last import ended, up to what is published', async () => {
    const day = (ms: number): string =>
      new Date(ms).toLocaleString('sv', { timeZone: 'Europe/Amsterdam' }).slice(0, 10);
    const start = (text: string): string => {
      const at = Date.parse(`${text}T00:00Z`);
      const hours = [1, 2].find((n) => day(at - n * HOUR_MS) === text && day(at - n * HOUR_MS - 1) !== text)!;
      return new Date(at - hours * HOUR_MS).toISOString().slice(0, 16).replaceAll(/\D/g, '');
    };
    const now = Date.now();
    const [yesterday, today] = [day(now - 24 * HOUR_MS), day(now)];
    // Tomorrow is not published yet.
    service.pricesUntilMs = Date.parse(
      start(day(now + 24 * HOUR_MS)).replace(/^(.{4})(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5Z'),
    );
    await run('import', '--zone', 'DE_LU');
    service.pricesUntilMs = Infinity;
    const { stdout } = await run('import', '--zone', 'DE_LU');
    expect(stdout).toMatch(/Imported (?:92|96|100) values/);
    expect(service.requests.map((query) => query.get('periodStart'))).toEqual([
      start(yesterday),
      start(yesterday),
    ]);
    await run('import', '--zone', 'DE_LU');
    expect(service.requests.at(-1)!.get('periodStart')).toBe(start(today));
    // Nobody believes prices before they are there.
    const newest = (
      await prices(new Date(now).toISOString(), new Date(now + 72 * HOUR_MS).toISOString(), PRICE, 'DE_LU')
    ).at(-1)!;
    expect(newest.belief.getTime()).toBeLessThanOrEqual(Date.now());
    expect(newest.belief.getTime()).toBeGreaterThan(now - 36 * HOUR_MS);
  });

  it('says in which currency prices are, and imports them into a sensor for it', async () => {
    expect((await run('add', '--zone', 'PL')).code).toBe(0);
    const other = await importDays('PL', '2026-03-02', '2026-03-02');
    expect([other.code, other.stderr]).toEqual([
      1,
      'Error: entsoe import failed: The prices of PL are in PLN, and the sensor is in EUR. Add a sensor for them: ' +
        'flexmeasures entsoe add --zone PL --currency PLN\n',
    ]);
    expect((await run('add', '--zone', 'PL', '--currency', 'PLN')).stdout).toContain(
      'day-ahead price in PLN',
    );
    const { stdout } = await importDays('PL', '2026-03-02', '2026-03-02');
    expect(stdout).toContain('Imported 96 values for day-ahead price in PLN of PL.');
    expect(await prices('2026-01-01', '2026-12-31', PRICE, 'PL')).toEqual([]);
  });

  it('tries again after failures that may pass, and says why others do not', async () => {
    const day = (): ReturnType<typeof run> => importDays('DE_LU', '2026-05-04', '2026-05-04');
    service.failures.push({ status: 503 }, { status: 429, headers: { 'Retry-After': '0' } }, { status: 429 });
    expect((await day()).stdout).toContain('Imported 96 values');
    expect(service.requests).toHaveLength(4);
    service.failures.push(...Array.from({ length: 6 }, () => ({ status: 503 })));
    expect((await day()).stderr).toContain('ENTSO-E answers with status 503, also to 6 attempts.');
    const tooMuch = 'The amount of requested data exceeds allowed limit.';
    service.failures.push({ status: 400, text: acknowledgement(tooMuch) });
    expect((await day()).stderr).toContain(`ENTSO-E refuses the request with code 999: ${tooMuch}`);
    service.failures.push({ status: 200, text: acknowledgement('No matching data found') });
    expect(await day()).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: 'ENTSO-E has no prices of DE_LU from 2026-05-04 to 2026-05-04.\n',
    });
    service.failures.push({ status: 200, text: '<html>maintenance</html>' });
    expect((await day()).stderr).toContain(
      'ENTSO-E answers with status 200 and no document: There is neither',
    );
  });

  it('does not show its key, and says if it is wrong or missing', async () => {
    const options = { databaseUri: database.uri };
    const wrong = await spawnFlexmeasures(['entsoe', 'import', '--zone', 'NL'], {
      ...options,
      env: { ...env, ENTSOE_AUTH_TOKEN: 'wrong-key' },
    });
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'Error: entsoe import failed: ENTSO-E does not accept the key in ENTSOE_AUTH_TOKEN (status 401).\n',
    ]);
    const unreachable = await spawnFlexmeasures(['entsoe', 'import', '--zone', 'NL'], {
      ...options,
      env: { ...env, ENTSOE_URL: `http://127.0.0.1:${await freePort()}/api` },
    });
    expect(unreachable.stderr).toContain('ENTSO-E cannot be reached: ECONNREFUSED');
    expect(unreachable.stderr + unreachable.stdout).not.toContain(TOKEN);
    const missing = await spawnFlexmeasures(['entsoe', 'import'], {
      ...options,
      env: { FLEXMEASURES_PLUGINS: 'entsoe' },
    });
    expect(missing.stderr).toContain('Plugin entsoe is not used: Setting ENTSOE_AUTH_TOKEN is not set.');
    expect(missing.code).toBe(2);
  });

  it('asks for zones that were added only', async () => {
    const { code, stderr } = await run('import', '--zone', 'FI');
    expect([code, stderr]).toEqual([1, expect.stringContaining('run entsoe add --zone FI first.')]);
    expect(service.requests).toEqual([]);
    expect(ZONE_CODES.NL).toHaveLength(16);
  });
});
