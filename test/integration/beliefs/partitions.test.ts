import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { BeliefPartitions, BeliefPartitionsModule, BeliefsService, type MostRecent } from '#lib/beliefs';
import { type BeliefColumns } from '#lib/beliefs/model';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule, Migrator, Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { spawnFlexmeasures } from '../../harness/servers/cli';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, aSource, saveValues } from '../../harness/databases/factories';
import { EVENTS, FIRST_EVENT_MS, histories, toSortedRows } from './random-history';

jest.setTimeout(timeoutMs(240_000));

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}T00:00Z`);
const NOW = at('2026-03-29');

/** Number of beliefs by partition; the names are without their common part. */
async function partitions(app: TestApp): Promise<Record<string, number>> {
  const database = app.get(Transactions);
  const rows = await database.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'timed_belief'::regclass ORDER BY 1",
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const [row] = await database.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
    counts[name.replace('timed_belief_', '')] = Number(row?.count);
  }
  return counts;
}

const stored = (app: TestApp): Promise<object[]> =>
  app.get(Transactions).query('SELECT * FROM timed_belief ORDER BY sensor_id, event_start, belief_horizon');

describe('partitions of the beliefs', () => {
  let app: TestApp;
  const start = async (settings: Partial<Settings>): Promise<TestApp> => (app = await startTestApp(settings));
  const create = (window: Parameters<BeliefPartitions['create']>[0] = {}) =>
    app.get(BeliefPartitions).create({ nowMs: NOW, ...window });
  afterEach(() => app.close());

  /** A belief about the first moment of each day. */
  const saveBeliefs = async (...days: string[]): Promise<void> => {
    const sensor = await aSensor(app);
    for (const day of days) await saveValues(app, sensor, `${day}T00:00Z`, [1]);
  };

  it('receive the beliefs of the default partition', async () => {
    await start({ beliefPartitioning: 'monthly' });
    await saveBeliefs('2019-12-31', '2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01', '2031-01-01');
    const before = await stored(app);
    expect(await partitions(app)).toEqual({ default: 6 });

    const created = ['2026_03', '2026_04', '2026_05', '2026_06'];
    expect(await create()).toEqual(created.map((name) => `timed_belief_${name}`));
    expect(await partitions(app)).toEqual({
      history: 2,
      '2026_03': 2,
      '2026_04': 1,
      '2026_05': 0,
      '2026_06': 0,
      default: 1,
    });
    expect(await stored(app)).toEqual(before);
    expect(await create()).toEqual([]);
    const rooms = await app.get(Transactions).query(
      `SELECT DISTINCT reloptions FROM pg_class JOIN pg_inherits ON oid = inhrelid
       WHERE inhparent = 'timed_belief'::regclass`,
    );
    expect(rooms).toEqual([{ reloptions: ['fillfactor=90'] }]);
  });

  it('follow the time, and come from what history and default partition hold when earlier and later ones are asked for', async () => {
    await start({ beliefPartitioning: 'yearly' });
    await saveBeliefs('2019-12-31', '2024-07-01', '2025-07-01', '2026-03-31', '2030-01-01', '2031-01-01');
    const before = await stored(app);
    await create();
    expect(await create({ nowMs: at('2027-01-01') })).toEqual(['timed_belief_2030']);
    expect(await create({ fromMs: at('2024-07-01'), untilMs: at('2025-01-01') })).toEqual([
      'timed_belief_2024',
      'timed_belief_2025',
    ]);
    expect(await partitions(app)).toEqual({
      history: 1,
      '2024': 1,
      '2025': 1,
      '2026': 1,
      '2027': 0,
      '2028': 0,
      '2029': 0,
      '2030': 1,
      default: 1,
    });
    expect(await stored(app)).toEqual(before);
  });

  it('are dropped with their data, and are created again only on request', async () => {
    await start({ beliefPartitioning: 'monthly' });
    await saveBeliefs('2025-12-31', '2026-01-01', '2026-02-01', '2026-03-01');
    await create({ fromMs: at('2026-01-01') });
    await app.get(Transactions).query('DROP TABLE timed_belief_history, timed_belief_2026_01');
    expect(await stored(app)).toHaveLength(2);
    expect(await create()).toEqual([]);
    await saveBeliefs('2026-01-15');
    expect(await create({ fromMs: at('2026-01-01') })).toEqual(['timed_belief_2026_01']);
    expect(await partitions(app)).toMatchObject({ history: 0, '2026_01': 1, '2026_02': 1, default: 0 });
  });

  it('are created once by processes that start together, while others save', async () => {
    await start({ beliefPartitioning: 'monthly' });
    await saveBeliefs('2026-03-01', '2026-04-01');
    const env = { FLEXMEASURES_BELIEF_PARTITIONING: 'monthly' };
    const command = () =>
      spawnFlexmeasures(['db', 'partition-beliefs', '--from', '2026-01-01', '--until', '2026-06-01'], {
        databaseUri: app.databaseUri,
        env,
      });
    const days = Array.from({ length: 40 }, (_, i) => new Date(NOW + i * 24 * HOUR_MS).toISOString());
    const [one, other] = await Promise.all([
      command(),
      command(),
      saveBeliefs(...days.map((d) => d.slice(0, 10))),
    ]);
    expect([one.stderr, other.stderr]).toEqual(['', '']);
    const printed = ['2026_01', '2026_02', '2026_03', '2026_04', '2026_05']
      .map((name) => `Created timed_belief_${name}.\n`)
      .join('');
    expect([one.stdout, other.stdout].sort()).toEqual(['All partitions exist already.\n', printed]);
    expect(await stored(app)).toHaveLength(42);
    expect(await partitions(app)).toMatchObject({ history: 0, '2026_03': 4, '2026_04': 31, '2026_05': 7 });
  });

  it('wait a short time for readers, and then fail', async () => {
    await start({ beliefPartitioning: 'monthly' });
    const reader = new Client(app.databaseUri);
    await reader.connect();
    await reader.query('BEGIN; SELECT FROM timed_belief');
    try {
      await expect(create()).rejects.toMatchObject({ code: 'BELIEFS_BUSY' });
    } finally {
      await reader.end();
    }
    expect(await create()).toHaveLength(4);
  });

  it('are refused if partitioning is off or the window is invalid', async () => {
    await start({});
    await expect(create()).rejects.toMatchObject({ code: 'PARTITIONING_OFF' });
    await app.close();
    await start({ beliefPartitioning: 'monthly' });
    await expect(create({ fromMs: NOW, untilMs: NOW })).rejects.toMatchObject({ code: 'INVALID_WINDOW' });
    await expect(create({ fromMs: at('1970-01-01') })).rejects.toMatchObject({ code: 'TOO_MANY_PARTITIONS' });
    await makePlain(app);
    await expect(create()).rejects.toMatchObject({ code: 'BELIEFS_NOT_PARTITIONED' });
  });

  it('are created when a server or worker starts', async () => {
    await start({ beliefPartitioning: 'yearly' });
    const settings = {
      ...readSettings({}),
      databaseUri: app.databaseUri,
      beliefPartitioning: 'yearly' as const,
    };
    const server = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(settings), DatabaseModule.forRoot(), BeliefPartitionsModule],
    }).compile();
    await server.init();
    await server.close();
    expect(Object.keys(await partitions(app))).toHaveLength(2 + 4);
  });

  it('are not searched when they lie outside the window, nor is the default partition', async () => {
    await start({ beliefPartitioning: 'monthly' });
    await create({ fromMs: at('2026-01-01') });
    const plan = await app.get(Transactions).query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT DISTINCT ON (event_start) event_start, event_value FROM timed_belief
       WHERE sensor_id = 1 AND event_start >= '2026-02-27Z' AND event_start < '2026-03-03Z'
       ORDER BY event_start, belief_horizon, source_id DESC`,
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect([...text.matchAll(/Scan using (\w+)/g)].map(([, index]) => index)).toEqual([
      'timed_belief_2026_02_pkey',
      'timed_belief_2026_03_pkey',
    ]);
  });

  it('become one plain table when the migration is reverted, without loss of beliefs', async () => {
    await start({ beliefPartitioning: 'monthly' });
    await saveBeliefs('2019-12-31', '2026-02-28', '2026-03-01', '2026-04-01', '2031-01-01');
    const before = (await stored(app)).map((row) => ({ ...row, repeated_horizons: undefined }));
    const kind = async (): Promise<unknown> =>
      (await app.get(Transactions).query("SELECT relkind FROM pg_class WHERE relname = 'timed_belief'"))[0];
    const migrator = new Migrator(app.databaseUri);
    for (const isDivided of [false, true]) {
      if (isDivided) await create();
      while (!(await migrator.downgrade())!.startsWith('PartitionBeliefs'));
      expect(await kind()).toEqual({ relkind: 'r' });
      expect(await stored(app)).toEqual(before);
      await migrator.upgrade();
      expect(await kind()).toEqual({ relkind: 'p' });
      expect(await partitions(app)).toEqual({ default: 5 });
    }
  });
});

describe('beliefs that span partitions', () => {
  let apps: { divided: TestApp; plain: TestApp };
  let sourceIds: number[];

  beforeAll(async () => {
    apps = { divided: await startTestApp({ beliefPartitioning: 'monthly' }), plain: await startTestApp() };
    await makePlain(apps.plain);
    for (const app of Object.values(apps))
      sourceIds = [await aSource(app), await aSource(app), await aSource(app)];
    const hour = (n: number): string => `'${new Date(FIRST_EVENT_MS + n * HOUR_MS).toISOString()}'`;
    const database = apps.divided.get(Transactions);
    const partition = (name: string, from: string, to: string) =>
      database.query(`CREATE TABLE ${name} PARTITION OF timed_belief FOR VALUES FROM (${from}) TO (${to})`);
    await partition('timed_belief_first', 'MINVALUE', hour(1));
    await partition('timed_belief_second', hour(1), hour(3));
    // The default partition takes the last two hours, up to where months start.
    await apps.divided.get(BeliefPartitions).create({ fromMs: at('2026-04-01'), untilMs: at('2027-12-01') });
  });
  afterAll(async () => {
    await apps.divided.close();
    await apps.plain.close();
  });

  const both = async <T>(work: (app: TestApp) => Promise<T>): Promise<[T, T]> => [
    await work(apps.divided),
    await work(apps.plain),
  ];
  const sensors = async (): Promise<Map<TestApp, Sensor>> =>
    new Map([
      [apps.divided, await aSensor(apps.divided, { eventResolutionMs: HOUR_MS })],
      [apps.plain, await aSensor(apps.plain, { eventResolutionMs: HOUR_MS })],
    ]);
  const save = (app: TestApp, sensor: Sensor, beliefs: BeliefColumns, allowOverwrite: boolean) =>
    app
      .get(BeliefsService)
      .save(sensor, beliefs, { allowOverwrite })
      .catch((error: unknown) => (error as { code: string }).code);
  const instants = fc.integer({ min: 0, max: EVENTS }).map((hours) => FIRST_EVENT_MS + hours * HOUR_MS);
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

  it('are saved and found as in a plain table', async () => {
    const batches = fc.array(fc.tuple(histories(sourceIds), fc.boolean()), { minLength: 1, maxLength: 3 });
    const filters = fc.record({
      eventStartsAfterMs: optional(instants),
      eventStartsBeforeMs: optional(instants),
      beliefsBeforeMs: optional(instants),
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.array(filters, { maxLength: 3 }), async (saves, searches) => {
        const sensor = await sensors();
        for (const [beliefs, allowOverwrite] of saves) {
          const [divided, plain] = await both((app) => save(app, sensor.get(app)!, beliefs, allowOverwrite));
          expect(divided).toEqual(plain);
        }
        for (const search of [{}, ...searches]) {
          for (const mostRecent of [undefined, 'per-event', 'per-event-and-source'] as MostRecent[]) {
            const [divided, plain] = await both((app) =>
              app.get(BeliefsService).search(sensor.get(app)!, search, mostRecent),
            );
            expect(toSortedRows(divided)).toEqual(toSortedRows(plain));
          }
          const [divided, plain] = await both((app) =>
            app.get(BeliefsService).latestPerEvent(sensor.get(app)!, search),
          );
          expect(divided).toEqual(plain);
        }
      }),
      { numRuns: scaledRuns(10), seed: seedOrDefault(20_260_401) },
    );
  });

  it('are copied and staged as in a plain table', async () => {
    const sensor = await sensors();
    const series = (every: number): BeliefColumns => ({
      eventStarts: Float64Array.from({ length: 60_000 }, (_, i) => FIRST_EVENT_MS + i * HOUR_MS),
      beliefHorizons: new Float64Array(60_000).fill(-every * HOUR_MS),
      sourceIds: new Int32Array(60_000).fill(sourceIds[0]!),
      cumulativeProbabilities: new Float64Array(60_000).fill(0.5),
      values: Float64Array.from({ length: 60_000 }, (_, i) => (every > 0 && i % every === 0 ? i : 1)),
    });
    for (const every of [0, 7]) {
      const [divided, plain] = await both((app) => save(app, sensor.get(app)!, series(every), false));
      expect(divided).toEqual(plain);
    }
    const [divided, plain] = await both((app) => app.get(BeliefsService).search(sensor.get(app)!, {}));
    expect(divided.values.length).toBeGreaterThan(60_000);
    expect(divided).toEqual(plain);
    expect(Object.values(await partitions(apps.divided)).every((count) => count > 0)).toBe(true);
  });
});

/** Converts the table of beliefs back to one without partitions. */
async function makePlain(app: TestApp): Promise<void> {
  const database = app.get(Transactions);
  await database.query('ALTER TABLE timed_belief DETACH PARTITION timed_belief_default');
  await database.query('DROP TABLE timed_belief');
  await database.query('ALTER TABLE timed_belief_default RENAME TO timed_belief');
}
