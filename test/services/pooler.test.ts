import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { connectionOptions, Migrator } from '#lib/database';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { TOY_ACCOUNT, TOY_USER } from '../harness/databases/templates';
import { tableSums } from '../harness/fuzz/table-sums';
import { startApi, type ApiServer } from '../harness/servers/api';
import { flexmeasures } from '../harness/servers/cli';
import { openEventSource } from '../harness/servers/event-source';
import { describeWithPgBouncer, startPgBouncer, type PgBouncer } from '../harness/databases/pgbouncer';
import { WITHOUT_FORECASTS } from '../harness/servers/worker';

const [BATTERY, PRICES] = [2, 3];
const START = '2026-03-04T00:00:00+09:00';

describeWithPgBouncer.each([
  ['session', 'True'],
  ['transaction', 'False'],
] as const)('With pgbouncer in %s mode', (poolMode, prepared) => {
  let database: TestDatabase;
  let pooler: PgBouncer;
  let uri: string;
  let servers: ApiServer[] = [];
  let token: string;
  let folder: string;
  let sql: Client;

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
    // Another time zone than the one that connections ask for, which the pooler does not forward.
    await sql.query(`ALTER DATABASE ${new URL(database.uri).pathname.slice(1)} SET timezone TO 'Asia/Seoul'`);
    pooler = await startPgBouncer(database.uri, poolMode);
    uri = pooler.uriOf(database.uri);
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-pooler-'));
    const env = { ...WITHOUT_FORECASTS, FLEXMEASURES_PREPARED_STATEMENTS: prepared };
    servers = [await startApi(uri, env), await startApi(uri, env)];
    token = await servers[0]!.logIn(TOY_USER.email, TOY_USER.password);
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await pooler.stop();
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const { code, stderr } = await flexmeasures(args, { databaseUri: uri, cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };

  it('all connections have UTC as their time zone', async () => {
    const dataSource = await new DataSource(connectionOptions(uri)).initialize();
    try {
      const zones = await Promise.all(
        Array.from({ length: 5 }, () =>
          dataSource.query<{ TimeZone: string }[]>('SHOW TimeZone').then(([row]) => row?.TimeZone),
        ),
      );
      expect(zones).toEqual(zones.map(() => 'UTC'));
    } finally {
      await dataSource.destroy();
    }
  });

  it('what one server saves and schedules, the other one reads and announces', async () => {
    const [first, second] = servers as [ApiServer, ApiServer];
    const send = async (server: ApiServer, method: string, path: string, json?: object) => {
      const { status, body } = await server.request(method, `/api/v3_0/${path}`, { token, json });
      expect([status, body]).toMatchObject([200, {}]);
      return body as { values: number[]; schedule: string };
    };
    const stream = await openEventSource(second.url, '/api/v3_0/events', { Authorization: token });
    const hours = Array.from({ length: 24 }, (_, hour) => (hour * 7) % 24);
    const rows = hours.map((price, hour) => {
      const start = new Date(Date.parse(START) + hour * 3_600_000).toISOString();
      return `${start},${price}`;
    });
    writeFileSync(join(folder, 'prices.csv'), `Hour,Price\n${rows.join('\n')}\n`);
    await run('add', 'beliefs', '--sensor-id', String(PRICES), '--source', 'toy-user', 'prices.csv');
    const query = (unit: string) => new URLSearchParams({ start: START, duration: 'P1D', unit }).toString();
    expect((await send(second, 'GET', `sensors/${PRICES}/data?${query('EUR/MWh')}`)).values).toEqual(hours);
    const values = Array.from({ length: 96 }, (_, i) => i / 100);
    await send(first, 'POST', `sensors/${BATTERY}/data`, {
      start: START,
      duration: 'P1D',
      unit: 'MW',
      values,
    });
    expect((await send(second, 'GET', `sensors/${BATTERY}/data?${query('MW')}`)).values).toEqual(values);
    const { schedule } = await send(first, 'POST', `sensors/${BATTERY}/schedules/trigger`, {
      ...{ start: START, duration: 'P1D', 'flex-model': { 'soc-at-start': '50%' } },
      'flex-context': { 'consumption-price': { sensor: PRICES } },
    });
    await stream.find(({ event, data }) => event === 'job.finished' && data['job'] === schedule);
    stream.close();
    const planned = await send(second, 'GET', `sensors/${BATTERY}/schedules/${schedule}`);
    // Six hours, unless the request says otherwise.
    expect(planned.values).toHaveLength(24);
  });

  it('two upgrades at once apply each migration once, and leave no lock', async () => {
    const empty = await createTestDatabase({ migrated: false });
    const other = new Client(empty.uri);
    await other.connect();
    try {
      const through = pooler.uriOf(empty.uri);
      const [one, two] = await Promise.all([
        new Migrator(through).upgrade(),
        new Migrator(through).upgrade(),
      ]);
      expect([one.length, two.length].sort((a, b) => a - b)).toEqual([
        0,
        (await new Migrator(through).history()).length,
      ]);
      const locks = await other.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      expect(locks.rowCount).toBe(0);
    } finally {
      await other.end();
      await empty.drop();
    }
  });

  it('a backup is saved and loaded', async () => {
    for (const server of servers.splice(0)) await server.stop();
    const before = await tableSums(sql);
    await run('db-ops', 'save', '--name', 'all');
    await run('db-ops', 'reset', '--force');
    await run('db-ops', 'load', '--name', 'all');
    // The applied migrations have times of their own.
    expect({ ...(await tableSums(sql)), migrations: before['migrations'] }).toEqual(before);
  });
});
