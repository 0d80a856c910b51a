import { Client } from 'pg';
import { Migrator } from '#lib/database';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { cheapHash } from '../../harness/databases/users';
import { startApi, type ApiServer } from '../../harness/servers/api';

/** The schema from which the test upgrades: long before that of the last release. */
const OLD_REVISION = 'CreateJob1700000200000';
const PASSWORD = 'a password of old times';
const DAY_MS = 86_400_000;
const START_MS = Date.parse('2024-03-30T00:00Z');

/** Data as versions with the old schema have stored them. */
const data = (hash: string): string => `
  INSERT INTO account_role (id, name) VALUES (1, 'Prosumer');
  INSERT INTO account (id, name) VALUES (1, 'Dock 7'), (2, 'Other');
  INSERT INTO roles_accounts (account_id, role_id) VALUES (1, 1);
  INSERT INTO role (id, name, description) VALUES (1, 'account-admin', '');
  INSERT INTO fm_user (id, email, username, password, fs_uniquifier, account_id) VALUES
    (1, 'anna@dock7.example', 'anna', '${hash}', 'u1', 1), (2, 'Ben@Other.example', 'ben', '${hash}', 'u2', 2);
  INSERT INTO roles_users (user_id, role_id) VALUES (1, 1);
  INSERT INTO generic_asset_type (id, name) VALUES (1, 'battery');
  INSERT INTO generic_asset (id, name, latitude, longitude, attributes, generic_asset_type_id, account_id, parent_asset_id) VALUES
    (1, 'Site', 52.1, 4.9, '{"sensors_to_show": [1]}', 1, 1, NULL), (2, 'Battery', NULL, NULL, '{"capacity_in_mw": 0.5}', 1, 1, 1),
    (3, 'Public', NULL, NULL, '{}', 1, NULL, NULL);
  INSERT INTO sensor (id, name, unit, event_resolution, timezone, generic_asset_id, attributes) VALUES
    (1, 'power', 'MW', '15 minutes', 'Europe/Amsterdam', 2, '{"a": null}'), (2, 'price', 'EUR/MWh', '1 hour', 'UTC', 3, '{}');
  INSERT INTO data_source (id, name, type, model, version, user_id) VALUES (1, 'anna', 'user', NULL, NULL, 1),
    (2, 'naive', 'forecasting script', 'naive', '1', NULL);
  INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
    SELECT 1, 1, start, 0, 0.5, extract(epoch FROM start - '2024-03-30') / 900
      FROM generate_series('2024-03-30'::timestamptz, '2024-04-01 23:45', '15 minutes') start
    UNION ALL SELECT 1, 2, start, 86400000, p, 100 * p
      FROM generate_series('2024-03-30'::timestamptz, '2024-04-01 23:45', '15 minutes') start, unnest(ARRAY[0.1, 0.5, 0.9]) p
    UNION ALL SELECT 2, 1, start, 43200000, 0.5, 'NaN' FROM generate_series('2024-03-30'::timestamptz, '2024-04-01', '1 hour') start;
  INSERT INTO annotation (id, start, "end", type, content, source_id) VALUES
    (1, '2024-03-31', '2024-04-01', 'holiday', 'Easter', 1);
  INSERT INTO annotations_accounts (annotation_id, account_id) VALUES (1, 1);
  INSERT INTO annotations_sensors (annotation_id, sensor_id) VALUES (1, 1);
  INSERT INTO latest_task_runs VALUES ('import_prices', '2024-04-01', true);
  INSERT INTO job (id, queue, kind, state, payload, result, created_at, ended_at) VALUES
    ('00000000-0000-8000-8000-000000000001', 'scheduling', 'schedule', 'finished', '{"sensorId": 1}', '{}', now(), now());
  SELECT setval(pg_get_serial_sequence(name, 'id'), 100) FROM unnest(ARRAY['account', 'account_role', 'fm_user', 'role',
    'generic_asset', 'generic_asset_type', 'sensor', 'data_source', 'annotation']) name;`;

type Rows = Record<string, object[]>;

describe('A database with the data of an old version', () => {
  let database: TestDatabase;
  let sql: Client;
  let migrator: Migrator;
  /** The columns of the old schema, by table. */
  let columns: Map<string, string[]>;
  let before: Rows;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    sql = new Client(database.uri);
    await sql.connect();
    migrator = new Migrator(database.uri);
    await migrator.upgrade(OLD_REVISION);
    await sql.query(data(await cheapHash(PASSWORD)));
    const { rows } = await sql.query<{ name: string; columns: string[] }>(
      `SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'migrations' GROUP BY 1`,
    );
    columns = new Map(rows.map((row) => [row.name, row.columns]));
    before = await oldRows();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  /** The rows of the old tables, with the columns that these had. */
  async function oldRows(): Promise<Rows> {
    const found: Rows = {};
    for (const [table, names] of columns) {
      const list = names.map((name) => `"${name}"`).join(', ');
      const { rows } = await sql.query<object>(
        `SELECT ${list} FROM "${table}" ORDER BY to_jsonb("${table}")::text`,
      );
      found[table] = rows;
    }
    return found;
  }

  const withServer = async (work: (api: ApiServer, token: string) => Promise<void>): Promise<void> => {
    const api = await startApi(database.uri);
    try {
      await work(api, await api.logIn('anna@dock7.example', PASSWORD));
    } finally {
      await api.stop();
    }
  };
  const readDay = async (
    api: ApiServer,
    token: string,
    startMs: number,
    more: Record<string, string> = {},
  ) => {
    const window = { start: new Date(startMs).toISOString(), duration: 'P1D', unit: 'MW', ...more };
    const path = `/api/v3_0/sensors/1/data?${new URLSearchParams(window).toString()}`;
    return ((await api.request('GET', path, { token })).body as { values: number[] }).values;
  };
  const measured = Array.from({ length: 96 }, (_, i) => i);

  /** Addresses of mails are compared in lower case since then. */
  const withLowerCase = (rows: Rows): Rows => ({
    ...rows,
    fm_user: rows['fm_user']!.map((user) => ({
      ...user,
      email: (user as { email: string }).email.toLowerCase(),
    })),
  });
  const sorted = (rows: object[] | undefined): string[] =>
    (rows ?? []).map((row) => JSON.stringify(row)).sort();

  it('is upgraded, and all its rows stay', async () => {
    expect(
      Object.values(before).every((rows) => rows.length > 0 || rows === before['annotations_assets']),
    ).toBe(true);
    expect(before['timed_belief']).toHaveLength(4 * 288 + 49);
    const applied = await migrator.upgrade();
    expect(applied.length).toBeGreaterThan(20);
    const after = await oldRows();
    for (const [table, rows] of Object.entries(withLowerCase(before)))
      expect([table, sorted(after[table])]).toEqual([table, sorted(rows)]);
  });

  it('works afterwards: the new version reads what the old one stored, and adds to it', async () => {
    await withServer(async (api, token) => {
      expect(await readDay(api, token, START_MS)).toEqual(measured);
      const prior = new Date(START_MS).toISOString();
      expect(await readDay(api, token, START_MS, { prior })).toEqual(measured.map(() => 50));
      const asset = await api.request('GET', '/api/v3_0/assets/2', { token });
      expect(asset.body).toMatchObject({ name: 'Battery', parent_asset_id: 1 });
      for (const values of [measured, measured]) {
        const start = new Date(START_MS + 10 * DAY_MS).toISOString();
        const json = { start, duration: 'P1D', unit: 'MW', values };
        const posted = await api.request('POST', '/api/v3_0/sensors/1/data', { token, json });
        expect(posted).toMatchObject({ status: 200 });
      }
      const json = { name: 'New', generic_asset_type_id: 1, account_id: 1, latitude: 1, longitude: 1 };
      expect(await api.request('POST', '/api/v3_0/assets', { token, json })).toMatchObject({ status: 201 });
    });
    const { rows } = await sql.query(
      'SELECT kind, id, name FROM audit_subject WHERE id < 100 ORDER BY kind, id',
    );
    expect(rows).toContainEqual({ kind: 'user', id: 2, name: 'ben' });
    expect(rows).toHaveLength(9);
  });

  it('is downgraded with the rows of both versions, and upgraded again', async () => {
    const reverted = await migrator.downgradeTo(OLD_REVISION);
    expect(reverted.length).toBeGreaterThan(20);
    const after = await oldRows();
    for (const [table, rows] of Object.entries(withLowerCase(before))) {
      const found = new Set(sorted(after[table]));
      // The login of the user has been counted since then.
      const kept = table === 'fm_user' ? [] : sorted(rows);
      expect([table, kept.filter((row) => !found.has(row))]).toEqual([table, []]);
    }
    expect(after['fm_user']).toHaveLength(2);
    expect(after['generic_asset']).toHaveLength(4);
    expect(after['timed_belief']).toHaveLength(before['timed_belief']!.length + 96);
    await migrator.upgrade();
    await withServer(async (api, token) => {
      expect(await readDay(api, token, START_MS)).toEqual(measured);
      expect(await readDay(api, token, START_MS + 10 * DAY_MS)).toEqual(measured);
    });
  });
});
