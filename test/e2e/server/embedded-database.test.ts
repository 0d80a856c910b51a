import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres } from '#lib/database';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';

describe('The embedded database', () => {
  let home: string;

  const run = (line: string): Promise<CliResult> =>
    flexmeasures(line.split(' '), { cwd: home, env: { FLEXMEASURES_HOME: home } });

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-home-'));
    const hours = Array.from(
      { length: 24 },
      (_, hour) => `2026-03-04T${String(hour).padStart(2, '0')}:00:00Z,${hour}`,
    );
    writeFileSync(join(home, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
  });

  afterAll(async () => {
    await run('db stop');
    if (existsSync(join(home, 'postgres'))) rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  });

  it('starts once when several processes need it at the same time', async () => {
    const upgrade = () =>
      spawnFlexmeasures(['db', 'upgrade'], { cwd: home, env: { FLEXMEASURES_HOME: home } });
    const results = await Promise.all([upgrade(), upgrade(), upgrade()]);
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(3).fill({ code: 0, stderr: '' }),
    );
    expect((await run('db start')).stdout).toContain('embedded server, data below');
  });

  it('keeps committed beliefs when its server is killed, and serves the next command', async () => {
    expect((await run('add toy-account')).code).toBe(0);
    expect((await run('add beliefs --sensor-id 3 --source toy-user prices.csv')).code).toBe(0);
    const server = new EmbeddedPostgres(home);
    const connection = new Client(server.findRunningUri());
    connection.on('error', () => undefined);
    await connection.connect();
    await connection.query('BEGIN; DELETE FROM timed_belief');

    process.kill(server.processId()!, 'SIGKILL');

    const shown = await run('show beliefs --sensor-id 3 --start 2026-03-04T00:00Z --duration P1D');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    await connection.end().catch(() => undefined);
    const client = new Client(new EmbeddedPostgres(home).findRunningUri());
    await client.connect();
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM timed_belief');
    await client.end();
    expect(rows[0]?.count).toBe('24');
  });

  // The temporary folder of macOS has too long a path for a socket.
  (process.platform === 'linux' ? it : it.skip)(
    'is reached through a Unix socket, also after a crash',
    async () => {
      const server = new EmbeddedPostgres(home);
      for (const crashes of [false, true]) {
        if (crashes) {
          process.kill(server.processId()!, 'SIGKILL');
          while (server.findAddress()) await sleep(20);
        }
        const client = Object.assign(new Client(await server.ensureRunning()), server.findAddress());
        client.on('error', () => undefined);
        await client.connect();
        const { rows } = await client.query(
          'SELECT inet_client_addr() AS address, current_database() AS name',
        );
        await client.end();
        expect(rows).toEqual([{ address: null, name: 'flexmeasures' }]);
      }
    },
  );

  it('stops on request, reports when it was not running, and starts again', async () => {
    expect((await run('db stop')).stdout).toBe('The embedded database is stopped.\n');
    expect((await run('db stop')).stdout).toBe('The embedded database was not running.\n');
    expect((await run('show account --id 1')).code).toBe(0);
  });

  it('reports what to do when its password file is lost', async () => {
    const file = join(home, 'postgres.password');
    const password = readFileSync(file, 'utf8');
    writeFileSync(file, '');
    const { code, stderr } = await run('show account --id 1');
    writeFileSync(file, password);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Error: The password of the embedded PostgreSQL is not in ${file}: restore that file`,
    );
  });

  it('does not start when an external server is configured', async () => {
    const { code, stderr } = await flexmeasures(['db', 'stop'], {
      databaseUri: 'postgresql://u:p@127.0.0.1:1/db',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('SQLALCHEMY_DATABASE_URI names an external server');
    const refused = await spawnFlexmeasures(['show', 'account', '--id', '1'], {
      databaseUri: 'postgresql://u:p@127.0.0.1:1/db',
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^Error: Cannot connect to the database: .*\n$/);
  });
});
