import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '#lib/database';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';
import { eventually } from '../../harness/eventually';

/** Process ids of the PostgreSQL servers on a data folder. */
function findPostmasters(data: string): number[] {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (!/postgres$/.test(program!) || args[args.indexOf('-D') + 1] !== data) continue;
      const [, parent] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
      parents.set(Number(pid), Number(parent));
    } catch {
      // The process has ended in the meantime.
    }
  }
  // A process that has just been forked for a connection still has the command line of its server.
  return [...parents.keys()].filter((pid) => !parents.has(parents.get(pid)!));
}

describe('Servers on one embedded database that ends', () => {
  let home: string;
  let postgres: EmbeddedPostgres;
  let servers: ApiServer[];
  let token: string;
  let hour = 0;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-home-'));
    const env = { FLEXMEASURES_HOME: home };
    for (const line of ['db upgrade', 'add toy-account']) {
      const { code, stderr } = await flexmeasures(line.split(' '), { cwd: home, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    postgres = new EmbeddedPostgres(home);
    const withoutUri = { ...env, SQLALCHEMY_DATABASE_URI: '' };
    servers = [await startApi('', withoutUri), await startApi('', withoutUri)];
    token = await servers[0]!.logIn('toy-user@flexmeasures.io', 'toy-password');
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    postgres.stop();
    const data = join(home, 'postgres');
    rmSync(realpathSync(data), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  const portNow = () => new URL(postgres.findRunningUri()!).port;

  async function query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new Client(postgres.findRunningUri());
    await client.connect();
    try {
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** Waits until both servers answer from their database, and hear the notifications of each other. */
  async function expectRecovery(): Promise<void> {
    for (const server of servers) {
      await eventually(
        () => server.request('GET', '/api/v3_0/sensors/2', { token }),
        ({ status }) => status === 200,
      );
      expect(await server.request('GET', '/api/v3_0/health/ready')).toMatchObject({ status: 200 });
    }
    expect(findPostmasters(realpathSync(join(home, 'postgres')))).toEqual([postgres.processId()]);
    // Each server listens to the same channels as before.
    const listening = () =>
      query<{ query: string; listeners: number }>(
        `SELECT query, count(*)::int AS listeners FROM pg_stat_activity
         WHERE application_name = 'flexmeasures events' AND query LIKE 'LISTEN %' GROUP BY query`,
      );
    const channels = await eventually(
      listening,
      (rows) => rows.length > 0 && rows.every((r) => r.listeners === 2),
    );
    expect(channels.length).toBeGreaterThan(0);
    // An event of one server leads to work: a forecast after new data.
    hour++;
    const json = {
      ...{ sensor: 2, values: [0.1, 0.2, 0.1, 0.2], unit: 'MW', duration: 'PT1H' },
      start: new Date(Date.UTC(2026, 2, 4, hour)).toISOString(),
    };
    const before = await query('SELECT id FROM job');
    expect(await servers[1]!.request('POST', '/api/v3_0/sensors/data', { token, json })).toMatchObject({
      status: 200,
    });
    await eventually(
      () => query('SELECT id FROM job'),
      (jobs) => jobs.length > before.length,
    );
  }

  it('work before it ends', () => expectRecovery());

  it.each([1, 2])('start it again with its port after it was killed, time %i', async () => {
    const [pid, port] = [postgres.processId()!, portNow()];
    process.kill(pid, 'SIGKILL');
    await expectRecovery();
    expect(postgres.processId()).not.toBe(pid);
    expect(portNow()).toBe(port);
  });

  it('start it again with its port after it was stopped', async () => {
    const [pid, port] = [postgres.processId()!, portNow()];
    expect(postgres.stop()).toBe(true);
    await expectRecovery();
    expect(postgres.processId()).not.toBe(pid);
    expect(portNow()).toBe(port);
  });

  it('keep the port when a command starts it', async () => {
    const port = portNow();
    for (const server of servers) process.kill(server.pid, 'SIGSTOP');
    postgres.stop();
    const { code, stdout } = await flexmeasures(['db', 'start'], {
      cwd: home,
      env: { FLEXMEASURES_HOME: home },
    });
    for (const server of servers) process.kill(server.pid, 'SIGCONT');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`:${port}/`) as string,
    });
    await expectRecovery();
  });

  it('find it on another port when another program took the port', async () => {
    const port = portNow();
    for (const server of servers) process.kill(server.pid, 'SIGSTOP');
    postgres.stop();
    const other: Server = createServer((socket) => socket.destroy()).listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    for (const server of servers) process.kill(server.pid, 'SIGCONT');
    try {
      await expectRecovery();
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    expect(portNow()).not.toBe(port);
    expect(readFileSync(join(home, 'postgres.port'), 'utf8')).toBe(portNow());
    const warning = `Warning: another program uses port ${port} of the embedded PostgreSQL. It now has port ${portNow()}.`;
    await eventually(
      () => servers.map((server) => server.output()).join(''),
      (output) => output.includes(warning),
    );
  });
});
