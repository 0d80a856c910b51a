import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { ROOT, startServer, stop } from '../bench-server';
import { idsOf } from '../programs/installed-postgres';

/** A program of the stack, which is killed and started again. */
export interface Part {
  name: string;
  /** Starts it, and waits until it is ready. */
  start: () => Promise<void>;
  /** Kills it with SIGKILL, and waits until it has ended. */
  kill: () => Promise<void>;
  /** Ends it in an orderly way. */
  stop: () => Promise<void>;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export function serverPart(name: string, home: string, env: NodeJS.ProcessEnv, port: number): Part {
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  return {
    name,
    start: async () => void (server = await startServer(home, env, port)),
    kill: async () => kill(server!.process),
    stop: async () => server && stop(server),
  };
}

export function workerPart(name: string, home: string, env: NodeJS.ProcessEnv): Part {
  const main = join(ROOT, 'dist', 'apps', 'scheduler', 'src', 'main.js');
  return childPart(name, /takes jobs from queue/, () =>
    spawn(process.execPath, [main, '--queue', 'scheduling', '--name', name.replaceAll(' ', '-')], {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
}

export function proxyPart(port: number, serverPorts: readonly number[]): Part {
  const main = join(ROOT, 'dist', 'test', 'bench', 'stack', 'proxy.js');
  return childPart('proxy', /The proxy listens/, () =>
    spawn(process.execPath, [main, String(port), ...serverPorts.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
}

/** pgbouncer in transaction mode in front of the server of a database, with the settings of docs/scaling.md. */
export function pgBouncerPart(databaseUri: string, port: number): Part {
  const { hostname, port: serverPort, username, password } = new URL(databaseUri);
  // Not in the folder of the installation, which the user of the program cannot read.
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-pgbouncer-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${serverPort} user=${username} password='${password}'`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 20',
    'max_client_conn = 200',
    'ignore_startup_parameters = options',
    'server_login_retry = 1',
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const account = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  const part = childPart('pgbouncer', /process up/, () =>
    spawn('pgbouncer', [file], { ...account, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  return {
    ...part,
    stop: async () => {
      await part.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A Redis server that keeps nothing on disk: after it was killed, it starts empty. */
export function redisPart(home: string, port: number): Part {
  const folder = mkdtempSync(join(home, 'redis-'));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  return childPart('Redis', /Ready to accept connections/, () =>
    spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

/** The embedded PostgreSQL, as a server that has its address in a setting. It keeps its port. */
export function postgresPart(home: string): Part {
  const postgres = new EmbeddedPostgres(home);
  return {
    name: 'PostgreSQL',
    start: async () => {
      await postgres.ensureRunning();
    },
    kill: async () => {
      process.kill(postgres.processId()!, 'SIGKILL');
      while (postgres.processId() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop: () => {
      postgres.stop();
      return Promise.resolve();
    },
  };
}

/** A process that prints something when it is ready. */
export function childPart(name: string, ready: RegExp, spawnChild: () => ChildProcess): Part {
  let child: ChildProcess | undefined;
  return {
    name,
    start: async () => {
      const started = spawnChild();
      child = started;
      await printed(name, started, ready);
    },
    kill: () => kill(child!),
    stop: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function printed(name: string, child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-10_000);
        if (pattern.test(output)) resolve();
      });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${String(code)}: ${output}`)));
  });
}
