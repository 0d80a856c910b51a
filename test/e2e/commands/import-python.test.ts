import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import {
  fillPythonDatabase,
  OTHER_USERS,
  PYTHON_PASSWORD,
  PYTHON_SALT,
  PYTHON_SALT_BYTES,
} from '../../harness/databases/python-database';
import { startApiHere, type Api } from '../../harness/servers/api';
import { flexmeasures, type CliResult } from '../../harness/servers/cli';

describe.each(['0.12', '2026'] as const)('A database of the Python FlexMeasures of %s', (version) => {
  let [python, database]: [TestDatabase, TestDatabase] = [undefined!, undefined!];
  let [theirs, ours]: [Client, Client] = [undefined!, undefined!];
  let first: CliResult;
  let api: Api;
  let token: string;
  let folder: string;

  const importFrom = (uri: string): Promise<CliResult> =>
    flexmeasures(['db-ops', 'import-python', uri], { databaseUri: database.uri });
  const rowsOf = async (client: Client, query: string): Promise<unknown[]> =>
    (await client.query<Record<string, unknown>>(query)).rows;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'python-'));
    python = await createTestDatabase({ migrated: false });
    database = await createTestDatabase();
    await fillPythonDatabase(python.uri, version);
    [theirs, ours] = [new Client(python.uri), new Client(database.uri)];
    await Promise.all([theirs.connect(), ours.connect()]);
    first = await importFrom(python.uri.replace('postgresql:', 'postgresql+psycopg2:'));
    const salt: NodeJS.ProcessEnv = { SECURITY_PASSWORD_SALT: PYTHON_SALT };
    if (version === '0.12') {
      salt['SECURITY_PASSWORD_SALT_FILE'] = join(folder, 'secret_key');
      await writeFile(salt['SECURITY_PASSWORD_SALT_FILE'], PYTHON_SALT_BYTES);
    }
    api = await startApiHere(database.uri, salt);
    token = await api.logIn('anna@dock7.example', PYTHON_PASSWORD);
  });
  afterAll(async () => {
    await api.stop();
    await Promise.all([theirs.end(), ours.end()]);
    await Promise.all([python.drop(), database.drop(), rm(folder, { recursive: true })]);
  });

  const get = async (path: string): Promise<unknown> => {
    const { status, body } = await api.request('GET', `/api/v3_0/${path}`, { token });
    expect({ path, status }).toEqual({ path, status: 200 });
    return body;
  };

  it('is imported, and what has no place is listed', () => {
    expect(first.code).toBe(0);
    const leftOut =
      version === '0.12'
        ? ['table market (1 rows)', 'annotations without a source (1)']
        : [
            ...['column account.secrets (in 1 rows)', 'column plan.max_users (in 1 rows)'],
            ...['annotations without a source (1)', 'entries of audit_log without a time (1)'],
          ];
    expect(first.stderr.trim().split('\n')).toEqual([
      ...leftOut.map((part) => `Warning: there is no place for ${part}. It was left out.`),
      'Warning: These users must set a new password, because theirs has a hash that is not known here: ben.',
      'Warning: These sensors have a knowledge horizon that is not known here: 23 (ask_the_oracle).',
    ]);
    expect(first.stdout).toContain('sensor 21 (1 of 3): 343 beliefs');
    expect(first.stdout).toMatch(/The database was imported: \d+ rows, equal to the originals/);
  });

  it('lets users log in with their old passwords, and shows them their assets', async () => {
    expect(token).toEqual(expect.any(String));
    expect(await api.logIn('anna@dock7.example', `${PYTHON_PASSWORD}!`)).toBeUndefined();
    expect(await get('users/5')).toMatchObject({ username: 'anna', timezone: 'Europe/Amsterdam' });
    expect(await rowsOf(ours, 'SELECT last_login_at FROM fm_user WHERE id = 6')).toEqual([
      { last_login_at: null },
    ]);
    const assets = (await get('assets')) as { id: number }[];
    expect(assets.map(({ id }) => id).sort()).toEqual(version === '0.12' ? [11] : [11, 14]);
  });

  if (version === '2026') {
    it.each(OTHER_USERS)('lets %s log in, whose password is hashed with another algorithm', async (name) => {
      expect(await api.logIn(`${name}@other.example`, PYTHON_PASSWORD)).toEqual(expect.any(String));
      expect(await api.logIn(`${name}@other.example`, `${PYTHON_PASSWORD}!`)).toBeUndefined();
    });

    it('shows the audit logs', async () => {
      const log = async (path: string) => {
        const { data } = (await get(`${path}/auditlog?page=1`)) as { data: Record<string, unknown>[] };
        return data.map((entry) => [entry['event_datetime'], entry['event'], entry['active_user_name']]);
      };
      const ofAsset = ['2026-01-04T03:04:05.000Z', "Created asset 'Battery': 11", 'anna'];
      const ofUser = [
        ['2026-01-03T03:04:05.000Z', 'Password of anna reset', 'server'],
        ['2026-01-02T03:04:05.000Z', 'User anna created', 'ben'],
      ];
      expect(await log('assets/11')).toEqual([ofAsset]);
      expect(await log('users/5')).toEqual([ofAsset, ...ofUser]);
      expect(await log('accounts/3')).toEqual([ofAsset, ...ofUser]);
    });
  }

  it('keeps ids, attributes and what charts show; equal names get their id', async () => {
    expect(await get('assets/11')).toMatchObject({ name: 'Battery', account_id: 3, latitude: 52.3 });
    expect(
      await rowsOf(ours, 'SELECT id, name FROM generic_asset WHERE account_id IS NULL ORDER BY id'),
    ).toEqual([
      { id: 12, name: 'Prices' },
      { id: 13, name: 'Prices (13)' },
    ]);
    expect(await rowsOf(ours, 'SELECT id, name, type FROM data_source ORDER BY id')).toEqual([
      { id: 31, name: 'anna', type: 'user' },
      { id: 32, name: 'naive', type: 'forecasting script' },
      { id: 34, name: 'naive (34)', type: 'forecasting script' },
    ]);
    expect(await get('sensors/21')).toMatchObject({ name: 'power', unit: 'MW', generic_asset_id: 11 });
    const { event_resolution } = (await get('sensors/22')) as { event_resolution: string };
    expect(event_resolution).toBe(version === '0.12' ? 'PT1H' : 'PT8760H');
    const shown = JSON.stringify(await get('assets/11'));
    expect(shown).toContain('21');
    if (version === '2026')
      expect(
        await rowsOf(ours, 'SELECT parent_asset_id, flex_context FROM generic_asset WHERE id = 14'),
      ).toEqual([{ parent_asset_id: 11, flex_context: { 'consumption-price': { sensor: 22 } } }]);
  });

  it('has equal beliefs at any time', async () => {
    const horizon = {
      theirs: 'floor(extract(epoch FROM belief_horizon) * 1000)::text',
      ours: 'belief_horizon::text',
    };
    const beliefs = (column: string) => `
      SELECT sensor_id, source_id, event_start, ${column} AS horizon, cumulative_probability, event_value
      FROM timed_belief WHERE sensor_id <> 23 ORDER BY 1, 2, 3, 4, 5`;
    const imported = await rowsOf(ours, beliefs(horizon.ours));
    expect(imported).toHaveLength(345);
    expect(imported).toEqual(await rowsOf(theirs, beliefs(horizon.theirs)));
    // Of two beliefs in the same millisecond, the later one counts.
    expect(
      await rowsOf(ours, 'SELECT belief_horizon, event_value FROM timed_belief WHERE sensor_id = 23'),
    ).toEqual([{ belief_horizon: '1000', event_value: 1 }]);
    const prior = encodeURIComponent('2022-10-28T00:00:00+00:00');
    const start = encodeURIComponent('2022-10-30T00:00:00+00:00');
    const query = `sensor=21&start=${start}&duration=PT1H&resolution=PT1H&unit=MW&prior=${prior}`;
    expect(await get(`sensors/data?${query}`)).toMatchObject({ values: [5] });
  });

  it('gives new rows the ids after the imported ones', async () => {
    const { body, status } = await api.request('POST', '/api/v3_0/assets', {
      token,
      json: { name: 'New', generic_asset_type_id: 1, account_id: 3, latitude: 1, longitude: 1 },
    });
    expect(status).toBe(201);
    expect((body as { id: number }).id).toBe(version === '0.12' ? 14 : 15);
    await ours.query("DELETE FROM generic_asset WHERE name = 'New'");
  });

  it('is continued after an interruption, and nothing is copied twice', async () => {
    const count = 'SELECT count(*)::int AS n FROM timed_belief';
    const before = await rowsOf(ours, count);
    await ours.query('DELETE FROM timed_belief WHERE sensor_id = 21 AND source_id = 32');
    // Logging in has changed what is known about the user.
    await ours.query(`UPDATE fm_user SET login_count = 7, last_seen_at = NULL, last_login_at = '2022-12-24T18:30:00.25Z'
      WHERE id = 5`);
    await ours.query(
      `UPDATE fm_user SET login_count = 0, last_seen_at = NULL, last_login_at = NULL
      WHERE username = ANY ($1)`,
      [OTHER_USERS],
    );
    const { code, stdout } = await importFrom(python.uri);
    expect(code).toBe(0);
    expect(stdout).toContain('All tables but beliefs were copied before.');
    expect(stdout).toContain('sensor 21 (1 of 3): 343 beliefs');
    expect(stdout).toContain('sensor 22 (2 of 3): was copied before');
    expect(stdout).toContain('sensor 23 (3 of 3): was copied before');
    expect(await rowsOf(ours, count)).toEqual(before);
  });

  it('is refused if there are other data, and then nothing changes', async () => {
    await ours.query("UPDATE account SET name = 'Renamed' WHERE id = 8");
    const { code, stderr } = await importFrom(python.uri);
    expect(code).toBe(1);
    expect(stderr).toContain('The database has other contents (account)');
    expect(await rowsOf(ours, 'SELECT name FROM account WHERE id = 8')).toEqual([{ name: 'Renamed' }]);
  });

  it('must be one of the Python version', async () => {
    const { code, stderr } = await importFrom(database.uri);
    expect(code).toBe(1);
    expect(stderr).toContain('This is no database of a Python FlexMeasures');
    expect((await importFrom('mysql://x')).stderr).toContain('A URI like postgresql://');
  });
});
