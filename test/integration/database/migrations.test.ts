import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import { Account, AccountRole, Plan, Role, TwoFactor, User } from '#lib/accounts';
import { ApiVersionUse } from '#lib/api-usage';
import { DetailedAsset, AssetType } from '#lib/assets';
import { AuditEntry, AuditSubject } from '#lib/audit';
import { TimedBelief } from '#lib/beliefs';
import { connectionOptions, LatestTaskRun, Migrator } from '#lib/database';
import { DeviceToken } from '#lib/device-tokens';
import { StoredAnswer } from '#lib/idempotency';
import { Job } from '#lib/queues';
import { Annotation, Sensor, Source } from '#lib/sensors';
import { UdiEvent } from '#lib/udi-events';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';

const ENTITIES = [
  Account,
  AccountRole,
  Role,
  User,
  DeviceToken,
  TwoFactor,
  Plan,
  AuditEntry,
  AuditSubject,
  DetailedAsset,
  AssetType,
  Annotation,
  Sensor,
  Source,
  TimedBelief,
  LatestTaskRun,
  Job,
  StoredAnswer,
  UdiEvent,
  ApiVersionUse,
];

describe('migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  const connected = async <T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> => {
    const dataSource = new DataSource({ ...connectionOptions(database.uri), entities: ENTITIES });
    await dataSource.initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  };

  const tables = () =>
    connected(async (dataSource) => {
      const rows: { name: string }[] = await dataSource.query(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'i', 'v')",
      );
      return rows.map(({ name }) => name).filter((name) => !name.startsWith('migrations'));
    });

  it('can be applied, reverted to an empty database, and applied again', async () => {
    const migrator = new Migrator(database.uri);
    const applied = await migrator.upgrade();
    expect(applied.length).toBeGreaterThan(0);
    expect(await migrator.upgrade()).toEqual([]);
    expect(await tables()).toContain('timed_belief');

    const reverted: (string | undefined)[] = [];
    for (let name = await migrator.downgrade(); name !== undefined; name = await migrator.downgrade())
      reverted.push(name);
    expect(reverted).toEqual([...applied].reverse());
    expect(await tables()).toEqual([]);
    expect((await migrator.history()).every((state) => !state.applied)).toBe(true);

    expect(await migrator.upgrade()).toEqual(applied);
  });

  it('create the schema of the entities', async () => {
    const changes = await connected((dataSource) => dataSource.driver.createSchemaBuilder().log());
    expect(changes.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('create the tables that the picture of the data model shows', async () => {
    const script = ['.tools/data-model.mjs', '--check', database.uri];
    await promisify(execFile)(process.execPath, script, { cwd: join(__dirname, '..', '..', '..') });
  });

  it('are applied once when two processes upgrade at the same time', async () => {
    const other = await createTestDatabase({ migrated: false });
    try {
      const [first, second] = await Promise.all([
        new Migrator(other.uri).upgrade(),
        new Migrator(other.uri).upgrade(),
      ]);
      expect([first.length, second.length].sort()).toEqual([
        0,
        (await new Migrator(other.uri).history()).length,
      ]);
    } finally {
      await other.drop();
    }
  });

  it('set UTC as the time zone of connections', async () => {
    const [row] = await connected((dataSource) => dataSource.query<{ TimeZone: string }[]>('SHOW TimeZone'));
    expect(row?.TimeZone).toBe('UTC');
  });
});
