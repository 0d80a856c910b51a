import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { Migrator } from '#lib/database';
import { migrate } from '../../../apps/cli/src/commands/db/migrate.action';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { eventually } from '../../harness/eventually';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { tableSums } from '../../harness/fuzz/table-sums';
import { flexmeasures, type CliResult } from '../../harness/servers/cli';

interface ManifestFile {
  schema: string;
  tables: { table: string; file: string; columns: string[]; rows: number; sha256: string }[];
}

describe('The database operations', () => {
  let database: TestDatabase;
  let folder: string;
  let sql: Client;
  let sums: Record<string, string>;

  const run = (...args: string[]): Promise<CliResult> =>
    flexmeasures(args, { databaseUri: database.uri, cwd: folder });
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  /** Expects exit code 1 and no change of any table. */
  const bad = async (...args: string[]): Promise<string> => {
    const before = await dataSums();
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(await dataSums()).toEqual(before);
    return stderr;
  };
  /** The tables except the applied migrations, which have times of their own. */
  const dataSums = async (): Promise<Record<string, string>> => {
    const sums = await tableSums(sql);
    delete sums['migrations'];
    return sums;
  };
  const copyOfBackup = (name: string): string => {
    const path = join(folder, 'migrations', 'dumps', name);
    cpSync(join(folder, 'migrations', 'dumps', 'full'), path, { recursive: true });
    return path;
  };
  const changeManifest = (path: string, change: (manifest: ManifestFile) => void): void => {
    const file = join(path, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as ManifestFile;
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
  };

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-backups-'));
    sql = new Client(database.uri);
    await sql.connect();
    await sql.query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value, repeated_horizons)
       SELECT 2, 1, '2020-01-01'::timestamptz + i * interval '15 min', i, 0.5, value, CASE WHEN i % 3 = 0 THEN '{7,5}'::bigint[] END
       FROM generate_series(1, 2000) AS i, LATERAL (SELECT CASE WHEN i = 7 THEN 'NaN' ELSE i / 3.0::float8 END AS value) AS v`,
    );
    await sql.query(
      `UPDATE generic_asset SET attributes = '{"text": "a,\\"b\\"\\n\\\\N é", "none": null, "empty": ""}'`,
    );
    sums = await dataSums();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('save all tables, reset them, and load them again as they were', async () => {
    expect(await good('db-ops', 'save', '--name', 'full')).toMatch(/^\d+ rows of \d+ tables were saved/);
    expect(await bad('db-ops', 'save', '--name', 'full')).toMatch(/exists already/);
    expect(await bad('db-ops', 'load', '--name', 'full')).toMatch(
      /not empty .*`flexmeasures db-ops reset` first/,
    );
    expect(await bad('db-ops', 'reset')).toMatch(/Delete ALL data of the database test_\w+ on .*add --force/);
    expect(await good('db-ops', 'reset', '--force')).toMatch(/is empty/);
    const empty = await dataSums();
    expect(Object.values(empty).every((sum) => sum.startsWith('0 rows'))).toBe(true);
    expect(Object.keys(empty)).toEqual(Object.keys(sums));
    await good('db-ops', 'load', '--name', 'full');
    expect(await dataSums()).toEqual(sums);
    // Sequences go on after the ids that were loaded, and triggers work again.
    expect(await good('add', 'account', '--name', 'Another')).toMatch(/\(ID: 2\)/);
    await expect(sql.query('DELETE FROM audit_log')).rejects.toThrow(/cannot be changed/);
    const { rows } = await sql.query("SELECT name FROM audit_subject WHERE kind = 'account' ORDER BY id");
    expect(rows).toContainEqual({ name: 'Another' });
  });

  it('write an open format: CSV with a header line', () => {
    const path = join(folder, 'migrations', 'dumps', 'full');
    const [header, ...rows] = gunzipSync(readFileSync(join(path, 'timed_belief.csv.gz')))
      .toString()
      .trim()
      .split('\n');
    expect(header).toBe(
      'sensor_id,source_id,event_start,belief_horizon,cumulative_probability,event_value,repeated_horizons',
    );
    expect(rows.filter((row) => row.startsWith('2,1,2020-01-01 00:45:00+00,3,0.5,1,'))).toEqual([
      '2,1,2020-01-01 00:45:00+00,3,0.5,1,"{7,5}"',
    ]);
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as ManifestFile;
    expect(manifest.tables.find(({ table }) => table === 'timed_belief')?.rows).toBe(rows.length);
  });

  it('refuse damaged and incomplete backups, and then change nothing', async () => {
    await good('db-ops', 'reset', '--force');
    const damaged = copyOfBackup('damaged');
    const file = join(damaged, 'timed_belief.csv.gz');
    writeFileSync(
      file,
      gzipSync(gunzipSync(readFileSync(file)).toString().replace(',3,0.5,1,', ',3,0.5,2,')),
    );
    expect(await bad('db-ops', 'load', '--name', 'damaged')).toMatch(
      /timed_belief.csv.gz is not as it was saved/,
    );
    writeFileSync(file, readFileSync(file).subarray(0, 1000));
    expect(await bad('db-ops', 'load', '--name', 'damaged')).toMatch(
      /timed_belief.csv.gz is not as it was saved/,
    );
    rmSync(file);
    expect(await bad('db-ops', 'load', '--name', 'damaged')).toMatch(
      /timed_belief.csv.gz is not as it was saved/,
    );
    const broken = copyOfBackup('broken');
    changeManifest(broken, (manifest) => manifest.tables.push(null as never));
    expect(await bad('db-ops', 'load', '--name', 'broken')).toMatch(/has a table without its file/);
    rmSync(join(damaged, 'manifest.json'));
    expect(await bad('db-ops', 'restore', damaged)).toMatch(/is no complete backup/);
    expect(await bad('db-ops', 'load', '--name', 'missing')).toMatch(/There is no backup/);
    expect(await bad('db-ops', 'load', '--name', '../full')).toMatch(/--name must have letters/);
    writeFileSync(join(folder, 'text.dump'), 'no dump');
    expect(await bad('db-ops', 'restore', 'text.dump')).toMatch(/text.dump is no dump/);
    expect(await bad('db-ops', 'restore', 'no.dump')).toMatch(/does not exist/);
  });

  it('load by column names, and say for what there is no place', async () => {
    const later = copyOfBackup('later');
    changeManifest(later, ({ tables }) => {
      const assets = tables.find(({ table }) => table === 'generic_asset')!;
      assets.columns[assets.columns.indexOf('longitude')] = 'colour';
      tables.push({ ...tables.find(({ table }) => table === 'account')!, table: 'later_table' });
    });
    const refused = await bad('db-ops', 'load', '--name', 'later');
    expect(refused).toMatch(
      /no place for (.*, )?column generic_asset.colour, .*table later_table \(1 rows\)/,
    );
    const { code, stderr } = await run('db-ops', 'load', '--name', 'later', '--leave-out-unknown');
    expect({ code, warnings: stderr.trim().split('\n').length }).toEqual({ code: 0, warnings: 2 });
    await sql.query("SELECT FROM generic_asset WHERE longitude IS NULL AND attributes->>'empty' = ''");
    const { generic_asset: changed, ...same } = await dataSums();
    const { generic_asset: before, ...expected } = sums;
    expect(same).toEqual(expected);
    expect(changed).not.toBe(before);
  });

  it('load what an earlier version of the schema has saved', async () => {
    await good('db-ops', 'reset', '--force');
    await good('db-ops', 'load', '--name', 'full');
    expect(await good('db', 'downgrade', 'CreateAuditLog')).toMatch(/^Reverted .*\n(.*\n)+$/);
    expect(await good('db', 'current')).toBe('CreateAuditLog1700002310000\n');
    await good('db-ops', 'save', '--name', 'earlier');
    expect(await good('db', 'upgrade', '1700002320000')).toMatch(
      /^Applied DescribeAccounts1700002320000.\n$/,
    );
    await good('db', 'upgrade');
    await good('db-ops', 'reset', '--force');
    await good('db-ops', 'load', '--name', 'earlier');
    const { account, ...same } = await dataSums();
    expect(same).toEqual({ ...sums, account: undefined });
    expect(account).toMatch(/^1 rows/);
  });

  it('dump and restore all data', async () => {
    await good('db-ops', 'reset', '--force');
    await good('db-ops', 'load', '--name', 'full');
    // The server of the tests is newer than the pg_dump of most machines.
    const { code, stdout } = await run('db-ops', 'dump');
    expect(code).toBe(0);
    const [path = ''] = /\S*migrations\/dumps\/dump_[\w-]+(\.dump)?/.exec(stdout) ?? [];
    expect(statSync(path).mode & 0o077).toBe(0);
    await good('db-ops', 'reset', '--force');
    await good('db-ops', 'restore', path);
    expect(await dataSums()).toEqual(sums);
  });

  it('wait for others who use the tables, and then give up', async () => {
    const other = new Client(database.uri);
    await other.connect();
    try {
      await other.query('BEGIN; SELECT FROM timed_belief LIMIT 1');
      expect(await bad('db-ops', 'reset', '--force')).toMatch(
        /Other programs have used the database for 10s/,
      );
    } finally {
      await other.end();
    }
  });

  it('load after another program that waits for the same tables in another order', async () => {
    await good('db-ops', 'save', '--name', 'contested');
    await good('db-ops', 'reset', '--force');
    const other = new Client(database.uri);
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE sensor IN ROW EXCLUSIVE MODE');
      const loading = good('db-ops', 'load', '--name', 'contested');
      const blocked = () =>
        sql.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'sensor'::regclass");
      await eventually(blocked, ({ rowCount }) => rowCount === 1);
      // Now each waits for the other.
      await other.query('LOCK TABLE account IN ROW EXCLUSIVE MODE; COMMIT');
      expect(await loading).toMatch(/rows of \d+ tables were loaded/);
      expect(await dataSums()).toEqual(sums);
    } finally {
      await other.end();
    }
  });

  it('go to revisions, and refuse unknown ones', async () => {
    const newest = (await new Migrator(database.uri).history()).at(-1)!.name;
    expect(await bad('db', 'downgrade', 'Nothing')).toMatch(
      /There is no revision Nothing. `flexmeasures db history`/,
    );
    expect(await bad('db', 'upgrade', 'Create')).toMatch(/Several revisions begin with Create/);
    expect(await good('db', 'downgrade', newest)).toBe(`Nothing to revert after revision ${newest}.\n`);
    expect(await good('db', 'upgrade', 'head')).toBe('Nothing to do: revision head is applied.\n');
    await good('db', 'downgrade', 'base');
    expect(await good('db', 'current')).toBe('The database has no schema yet.\n');
    const { code, stderr } = await run('db-ops', 'save');
    expect(code).toBe(1);
    expect(stderr).toMatch(/run `flexmeasures db upgrade` first/);
    await good('db', 'upgrade');
    expect(await good('db', 'init')).toMatch(/nothing to initialise/);
  });

  it('add a migration to a checkout only', async () => {
    expect((await run('db', 'migrate')).stderr).toMatch(/required option '-m, --message <text>'/);
    const migrations = join(folder, 'checkout');
    expect(() => migrate({ message: 'Add color' }, migrations)).toThrow(
      /only be made in a checkout of the source/,
    );
    cpSync('libs/database/migrations', migrations, { recursive: true });
    expect(() => migrate({ message: '!!' }, migrations)).toThrow(/--message must begin with a word/);
    const linesBefore = readFileSync(join(migrations, 'index.ts'), 'utf8').split('\n');
    const log = jest.spyOn(console, 'log').mockImplementation();
    migrate({ message: 'Add color to asset' }, migrations);
    const [[message]] = log.mock.calls as [[string]];
    log.mockRestore();
    const [, file = '', number = ''] = /((\d+)-add-color-to-asset)\.ts/.exec(message) ?? [];
    const lines = readFileSync(join(migrations, 'index.ts'), 'utf8').split('\n');
    expect(lines.filter((line) => !linesBefore.includes(line))).toEqual([
      `import { AddColorToAsset${number} } from './${file}';`,
      `  AddColorToAsset${number},`,
    ]);
    expect(readFileSync(join(migrations, `${file}.ts`), 'utf8')).toContain(
      `export class AddColorToAsset${number} `,
    );
  });
});
