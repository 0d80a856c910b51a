import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { flexmeasures, type CliResult } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';

const PRICES = [
  10, 11, 12, 15, 18, 17, 10.5, 9, 9.5, 9, 8.5, 10, 8, 5, 4, 4, 5.5, 8, 12, 13, 14, 12.5, 10, 7,
];
const DAY = '2026-03-04';

/** Prices of a day; `row` replaces one of them for an invalid file. */
function priceFile(broken: Record<number, string> = {}): string {
  const rows = PRICES.map(
    (price, hour) => broken[hour] ?? `${DAY}T${String(hour).padStart(2, '0')}:00:00,${price}`,
  );
  return `Hour,Price\n${rows.join('\n')}\n`;
}

describe('The toy tutorial on the command line', () => {
  let database: TestDatabase;
  let folder: string;
  let sql: Client;

  const run = (line: string): Promise<CliResult> =>
    flexmeasures(line.split(' '), { databaseUri: database.uri, cwd: folder });
  const rows = async <Row>(statement: string): Promise<Row[]> => (await sql.query(statement)).rows as Row[];
  const countOf = async (table: string): Promise<number> =>
    Number((await rows<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]?.count);

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-e2e-'));
    writeFileSync(join(folder, 'prices.csv'), priceFile());
    sql = new Client(database.uri);
    await sql.connect();
  });

  afterAll(async () => {
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reports that the database has no schema', async () => {
    const { code, stderr } = await run('add toy-account --kind battery');
    expect(code).toBe(1);
    expect(stderr).toBe('Error: The database has no tables: run `flexmeasures db upgrade` first.\n');
  });

  it('creates the schema', async () => {
    expect((await run('db current')).stdout).toBe('The database has no schema yet.\n');
    const { code, stdout } = await run('db upgrade');
    expect(code).toBe(0);
    expect(stdout).toContain('The database schema is up to date.');
    expect((await run('db current')).stdout).toContain('(head)');
    expect((await run('db history')).stdout).toContain('(applied)');
  });

  it('creates the toy account with the ids of the tutorial, and reuses it', async () => {
    const first = await run('add toy-account --kind battery');
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(
      'Toy account Toy Account with user toy-user@flexmeasures.io created successfully. ' +
        'You might want to run `flexmeasures show account --id 1`\n' +
        'The sensor for battery (dis)charging is <Sensor 2: discharging, unit: MW res.: 0:15:00>.\n' +
        'The sensor for Day ahead prices is <Sensor 3: Day ahead prices, unit: EUR/MWh res.: 1:00:00>.\n',
    );
    const second = await run('add toy-account --kind battery');
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('Toy account Toy Account (ID: 1) exists already and is reused.');
    expect(second.stdout).toContain('<Sensor 2: discharging');
    expect(await countOf('sensor')).toBe(2);
    expect(await countOf('generic_asset')).toBe(4);
  });

  it('shows account and asset', async () => {
    const account = (await run('show account --id 1')).stdout;
    expect(account).toContain('Account Toy Account (ID:1):');
    expect(account).toContain('Account has no roles.');
    expect(account).toMatch(/1 +toy-user +toy-user@flexmeasures.io +account-admin/);
    expect(account).toMatch(/3 +toy-battery +battery +\(52.374, 4.88969\)/);
    expect(account).toMatch(/2 +toy-building +building +\(52.374, 4.88969\)/);
    expect(account).toMatch(/1 +toy-solar +solar +\(52.374, 4.88969\)/);
    const asset = (await run('show asset --id 3')).stdout;
    expect(asset).toContain('Asset toy-battery (ID:3):');
    expect(asset).toContain('capacity_in_mw: 0.5');
    expect(asset).toMatch(/2 +discharging +MW +15 minutes +Europe\/Amsterdam/);
  });

  it('does not schedule while the prices are unknown', async () => {
    const { code, stderr } = await run(
      `add schedule for-storage --sensor-id 2 --consumption-price-sensor 3 --start ${DAY}T07:00+01:00 --duration PT12H --soc-at-start 50%`,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: Prices unknown for planning window\. \(sensor 3\)\n$/);
    expect(await countOf('timed_belief')).toBe(0);
  });

  it('rejects a file with an invalid row, and writes nothing', async () => {
    writeFileSync(join(folder, 'bad.csv'), priceFile({ 17: `${DAY}T17:00:00,abc` }));
    const { code, stderr } = await run('add beliefs --sensor-id 3 --source newcomer bad.csv --timezone utc');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*bad\.csv, line 19, column 2 .*'abc'.*\n$/);
    expect(await countOf('timed_belief')).toBe(0);
    expect(await countOf("data_source WHERE name = 'newcomer'")).toBe(0);
  });

  it('imports the prices once', async () => {
    const line = 'add beliefs --sensor-id 3 --source toy-user prices.csv --timezone utc';
    expect((await run(line)).stdout).toBe('Successfully created beliefs\n');
    expect(await countOf('timed_belief')).toBe(24);
    expect((await run(line)).stdout).toBe('Nothing new: all 24 beliefs exist already.\n');
    expect(await countOf('timed_belief')).toBe(24);
    const [source] = await rows('SELECT name, type, user_id FROM data_source');
    expect(source).toEqual({ name: 'toy-user', type: 'user', user_id: 1 });
  });

  it('plots the prices', async () => {
    const { stdout } = await run(`show beliefs --sensor-id 3 --start ${DAY}T01:00:00+01:00 --duration PT24H`);
    expect(stdout).toContain("Beliefs for Sensor 'Day ahead prices' (Id 3).");
    expect(stdout).toContain(`Data spans a day and starts at ${DAY} 01:00:00+01:00.`);
    expect(stdout).toContain('The time resolution (x-axis) is an hour.');
    expect(stdout.split('\n').length).toBeGreaterThan(15);
  });

  it('computes the optimal schedule, and stores charging as negative', async () => {
    const { code, stdout, stderr } = await run(
      `add schedule for-storage --sensor-id 2 --consumption-price-sensor 3 --start ${DAY}T07:00+01:00 --duration PT12H --soc-at-start 50% --roundtrip-efficiency 90%`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('New schedule is stored.\n');
    // Pages tell people the costs of the schedule, as those of a job.
    const jobs = await rows<{ cost: number }>(
      `SELECT (result ->> 'cost')::float8 AS cost FROM job WHERE state = 'finished' AND result ->> 'currency' = 'EUR'`,
    );
    expect(jobs).toEqual([{ cost: expect.closeTo(TOY_OPTIMUM_EUR, 5) as number }]);
    const power = await rows<{ value: number }>(
      'SELECT event_value AS value FROM timed_belief WHERE sensor_id = 2 ORDER BY event_start',
    );
    expect(power).toHaveLength(48);
    const stepHours = 0.25;
    const efficiency = Math.sqrt(0.9);
    let soc = 0.225;
    let cost = 0;
    power.forEach(({ value }, step) => {
      expect(Math.abs(value)).toBeLessThanOrEqual(0.5);
      soc += stepHours * (value < 0 ? -value * efficiency : -value / efficiency);
      expect(soc).toBeGreaterThanOrEqual(0.05 - 1e-5);
      expect(soc).toBeLessThanOrEqual(0.45 + 1e-5);
      // The window starts at 06:00 UTC.
      cost += -value * stepHours * PRICES[6 + Math.floor(step / 4)]!;
    });
    expect(soc).toBeCloseTo(0.05, 5);
    expect(cost).toBeCloseTo(TOY_OPTIMUM_EUR, 5);
    const [source] = await rows("SELECT name, type, model, version FROM data_source WHERE name = 'Seita'");
    expect(source).toEqual({
      name: 'Seita',
      type: 'scheduling script',
      model: 'StorageScheduler',
      version: '1',
    });
    const [battery] = await rows<{ attributes: object }>('SELECT attributes FROM generic_asset WHERE id = 3');
    expect(battery?.attributes).toMatchObject({ soc_datetime: `${DAY}T07:00:00+01:00`, soc_in_mwh: 0.225 });
  });

  it.each([
    ['--start 2026-03-04T07:00 --duration PT12H --soc-at-start 50%', /^Error: --start: .*time ?zone.*\n$/],
    ['--start 2026-03-04T07:00+01:00 --duration 12H --soc-at-start 50%', /^Error: --duration: .*\n$/],
    ['--start 2026-03-04T07:00+01:00 --duration PT12H --soc-at-start lots', /^Error: soc-at-start: .*\n$/],
    [
      '--start 2026-03-04T07:00+01:00 --duration PT12H --soc-at-start 50% --roundtrip-efficiency 190%',
      /^Error: roundtrip-efficiency: .*\n$/,
    ],
    [
      '--start 2026-03-04T07:00+01:00 --duration PT12H --soc-at-start 50% --soc-target 1 2026-03-04T09:00+01:00',
      /^Error: soc-targets: .*soc-max.*\n$/,
    ],
    [
      '--start 2026-03-04T07:00+01:00 --duration PT12H --soc-at-start 50% --soc-target 0.3 2026-03-03T09:00+01:00',
      /^Error: soc-targets: .*\n$/,
    ],
    ['--start 2026-03-04T07:00+01:00 --duration P30D --soc-at-start 50%', /^Error: duration: .*\n$/],
  ])('rejects a schedule with %s in one line', async (options, message) => {
    const before = await countOf('timed_belief');
    const { code, stderr } = await run(
      `add schedule for-storage --sensor-id 2 --consumption-price-sensor 3 ${options}`,
    );
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(await countOf('timed_belief')).toBe(before);
  });

  it.each([
    [
      'add schedule for-storage --sensor-id 99 --consumption-price-sensor 3 --start 2026-03-04T07:00+01:00 --duration PT12H --soc-at-start 50%',
      'sensor: No sensor found with id 99.',
    ],
    ['add beliefs --sensor-id 99 --source toy-user prices.csv', 'There is no sensor with id 99.'],
    ['add beliefs --sensor-id 3 --source toy-user nowhere.csv', 'The file nowhere.csv does not exist.'],
    ['show account --id 99', 'There is no account with id 99.'],
    ['show asset --id 99', 'There is no asset with id 99.'],
    [
      'show beliefs --sensor-id 2 --start 2020-01-01T00:00Z --duration PT1H',
      'No beliefs found for sensor 2 (discharging) in that period.',
    ],
    [
      'add toy-account --kind rocket',
      "--kind: there is no toy account of kind 'rocket', only battery and building.",
    ],
  ])('answers `%s` with one line', async (line, message) => {
    expect(await run(line)).toEqual({ code: 1, stdout: '', stderr: `Error: ${message}\n` });
  });

  it('schedules a new account, asset and sensor', async () => {
    expect((await run('add initial-structure')).code).toBe(0);
    expect((await run('show asset-types')).stdout).toMatch(/5 +battery +stationary battery/);
    expect((await run('add account --name Company')).stdout).toBe(
      "Account 'Company' (ID: 2) successfully created.\n",
    );
    const user = await flexmeasures(
      [
        'add',
        'user',
        '--username',
        'me',
        '--email',
        'me@example.com',
        '--account-id',
        '2',
        '--roles',
        'admin',
      ],
      { databaseUri: database.uri, input: 'secret-word\n' },
    );
    expect(user).toMatchObject({ code: 0, stdout: 'Successfully created user me (ID: 2).\n' });
    const asset = await flexmeasures(
      [
        'add',
        'asset',
        '--name',
        'my basement battery pack',
        '--asset-type-id',
        '5',
        '--latitude',
        '65',
        '--longitude',
        '123.7654321',
        '--account-id',
        '2',
      ],
      { databaseUri: database.uri },
    );
    expect(asset.stdout).toContain('Successfully created asset with ID 5.');
    const sensor = await flexmeasures(
      [
        'add',
        'sensor',
        '--name',
        'power',
        '--unit',
        'kW',
        '--event-resolution',
        '5',
        '--timezone',
        'Europe/Amsterdam',
        '--asset-id',
        '5',
        '--attributes',
        '{"capacity_in_mw": 0.007, "max_soc_in_mwh": 0.014}',
      ],
      { databaseUri: database.uri },
    );
    expect(sensor.stdout).toBe('Successfully created sensor with ID 4.\n');
    const schedule = await run(
      `add schedule for-storage --sensor-id 4 --consumption-price-sensor 3 --start ${DAY}T07:00+01:00 --duration PT2H --soc-at-start 7kWh --soc-target 14kWh ${DAY}T09:00+01:00`,
    );
    expect(schedule).toMatchObject({ code: 0, stdout: 'New schedule is stored.\n' });
    const [stored] = await rows<{ energy: number }>(
      'SELECT sum(event_value) / 12 AS energy FROM timed_belief WHERE sensor_id = 4',
    );
    expect(stored?.energy).toBeCloseTo(-7, 4);
    const [location] = await rows('SELECT latitude, longitude FROM generic_asset WHERE id = 5');
    expect(location).toEqual({ latitude: 65, longitude: 123.7654321 });
  });
});

/** Cost of the cheapest schedule for the tutorial's prices. */
const TOY_OPTIMUM_EUR = -3.3032625;
