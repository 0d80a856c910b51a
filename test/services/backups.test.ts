import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import {
  describeWithPostgres,
  startInstalledPostgres,
  type InstalledPostgres,
} from '../harness/databases/installed-postgres';
import { TOY_ACCOUNT } from '../harness/databases/templates';
import { isThorough } from '../harness/effort';
import { tableSums } from '../harness/fuzz/table-sums';
import { flexmeasures } from '../harness/servers/cli';
import { TEST_SECRET_KEY } from '../harness/servers/secret-key';

const BELIEFS = isThorough ? 1_000_000 : 100_000;
const COMMAND = join(__dirname, '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');

describeWithPostgres('Backups between the embedded and an installed PostgreSQL', () => {
  let embedded: TestDatabase;
  let installed: InstalledPostgres;
  let folder: string;
  let sums: Record<string, string>;
  const clients: Client[] = [];

  const run = async (databaseUri: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await flexmeasures(args, { databaseUri, cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const connect = async (uri: string): Promise<Client> => {
    const client = new Client(uri);
    await client.connect();
    clients.push(client);
    return client;
  };
  const dataSums = async (uri: string): Promise<Record<string, string>> => {
    const found = await tableSums(await connect(uri));
    delete found['migrations'];
    return found;
  };

  beforeAll(async () => {
    embedded = await createTestDatabase({ template: TOY_ACCOUNT });
    installed = await startInstalledPostgres();
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-backups-'));
    await (
      await connect(embedded.uri)
    ).query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
       SELECT 2, 1, '2020-01-01'::timestamptz + i * interval '15 min', i, 0.5, sin(i) FROM generate_series(1, ${BELIEFS}) AS i`,
    );
    sums = await dataSums(embedded.uri);
  });
  afterAll(async () => {
    for (const client of clients) await client.end();
    installed.stop();
    await embedded.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('save and load move everything to the other server and back', async () => {
    await run(embedded.uri, 'db-ops', 'save', '--name', 'from-embedded');
    await run(installed.uri, 'db', 'upgrade');
    await run(installed.uri, 'db-ops', 'load', '--name', 'from-embedded');
    expect(await dataSums(installed.uri)).toEqual(sums);
    await run(installed.uri, 'db-ops', 'save', '--name', 'from-installed');
    await run(embedded.uri, 'db-ops', 'reset', '--force');
    await run(embedded.uri, 'db-ops', 'load', '--name', 'from-installed');
    expect(await dataSums(embedded.uri)).toEqual(sums);
  });

  it('dump uses pg_dump, and restore reads its file, also into the embedded server', async () => {
    const path = dumpPath(await run(installed.uri, 'db-ops', 'dump'));
    for (const uri of [installed.uri, embedded.uri]) {
      await run(uri, 'db-ops', 'reset', '--force');
      await run(uri, 'db-ops', 'restore', path);
      expect(await dataSums(uri)).toEqual(sums);
      const { code, stderr } = await flexmeasures(['db-ops', 'restore', path], {
        databaseUri: uri,
        cwd: folder,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/The database is not empty/);
    }
    // Ids go on after those that were restored, and the triggers of the audit log run again.
    expect(await run(embedded.uri, 'add', 'account', '--name', 'Another')).toMatch(/\(ID: 2\)/);
    await expect((await connect(embedded.uri)).query('DELETE FROM audit_log')).rejects.toThrow(
      /cannot be changed/,
    );
  });

  it('a dump that is cut off changes nothing', async () => {
    const file = readdirSync(join(folder, 'migrations', 'dumps')).find((name) => name.endsWith('.dump'))!;
    const content = readFileSync(join(folder, 'migrations', 'dumps', file));
    const cut = join(folder, 'cut.dump');
    writeFileSync(cut, content.subarray(0, content.length - 20_000));
    await run(installed.uri, 'db-ops', 'reset', '--force');
    const { code, stderr } = await flexmeasures(['db-ops', 'restore', cut], {
      databaseUri: installed.uri,
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/pg_restore failed: .*/);
    await expectEmpty();
  });

  const started: ChildProcess[] = [];
  afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** Starts a command, and kills it while the server copies beliefs for it. */
  const killWhileCopying = async (...args: string[]): Promise<void> => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: folder,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], SECRET_KEY: TEST_SECRET_KEY, SQLALCHEMY_DATABASE_URI: installed.uri },
    });
    started.push(child);
    const sql = await connect(installed.uri);
    while (child.exitCode === null) {
      const { rows } = await sql.query('SELECT FROM pg_stat_progress_copy WHERE bytes_processed > 1000000');
      if (rows.length > 0) break;
      await sleep(2);
    }
    expect(child.exitCode).toBeNull();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    // The server ends the transaction when it notices.
    while ((await sql.query('SELECT FROM pg_stat_progress_copy')).rows.length > 0) await sleep(20);
  };
  const expectEmpty = async (): Promise<void> => {
    const now = await dataSums(installed.uri);
    expect(Object.values(now).filter((sum) => !sum.startsWith('0 rows'))).toEqual([]);
  };

  it('a load that is killed changes nothing, and can be repeated', async () => {
    await killWhileCopying('db-ops', 'load', '--name', 'from-embedded');
    await expectEmpty();
    await run(installed.uri, 'db-ops', 'load', '--name', 'from-embedded');
    expect(await dataSums(installed.uri)).toEqual(sums);
  });

  it('a save that is killed leaves no backup under its name, and can be repeated', async () => {
    await killWhileCopying('db-ops', 'save', '--name', 'killed');
    const backups = join(folder, 'migrations', 'dumps');
    expect(readdirSync(backups).filter((name) => name.startsWith('killed'))).toEqual(['killed.partial']);
    const { stderr } = await flexmeasures(['db-ops', 'restore', join(backups, 'killed.partial')], {
      databaseUri: installed.uri,
      cwd: folder,
    });
    expect(stderr).toMatch(/is no complete backup/);
    await run(installed.uri, 'db-ops', 'save', '--name', 'killed');
    expect(readdirSync(backups).filter((name) => name.startsWith('killed'))).toEqual(['killed']);
  });
});

const dumpPath = (output: string): string => /\S+\.dump\b/.exec(output)![0];
