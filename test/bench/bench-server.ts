import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { freePort } from './free-port';
import { SMALL_HEAP } from './small-heap';

/** The folder of the project. */
export const ROOT = join(__dirname, '..', '..', '..');
/** The toy user. */
export const LOGIN = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };

/** A running server. */
export interface Server {
  url: string;
  process: ChildProcess;
}

/**
 * Runs `work` with a folder in which an embedded database of its own runs, and removes both afterwards.
 * @param commands of `flexmeasures`, to fill the database
 * @param prepare writes files that the commands read into the folder
 */
export async function withBenchHome<T>(
  commands: readonly string[][],
  work: (home: string, env: NodeJS.ProcessEnv) => Promise<T>,
  prepare: (home: string) => void = () => undefined,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const cli = join(ROOT, 'apps', 'cli', 'bin', 'flexmeasures.js');
  const env = {
    ...process.env,
    FLEXMEASURES_HOME: home,
    SQLALCHEMY_DATABASE_URI: '',
    NODE_ENV: 'production',
  };
  try {
    prepare(home);
    for (const args of [['db', 'upgrade'], ...commands])
      execFileSync(process.execPath, [cli, ...args], { cwd: home, env });
    return await work(home, env);
  } finally {
    new EmbeddedPostgres(home).stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  }
}

/** A token of the toy user. */
export async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/requestAuthToken`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(LOGIN),
  });
  return ((await response.json()) as { auth_token: string }).auth_token;
}

/** Starts the built server, on a free port unless one is given, and waits until it is ready. */
export async function startServer(home: string, env: NodeJS.ProcessEnv, givenPort?: number): Promise<Server> {
  const port = givenPort ?? (await freePort());
  const server = spawn(
    process.execPath,
    [...SMALL_HEAP, join(ROOT, 'dist', 'apps', 'api', 'src', 'main.js')],
    {
      cwd: home,
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  while (server.exitCode === null) {
    const isReady = await fetch(`${url}/api/v3_0/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { url, process: server };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The server did not start.');
}

/** Stops a server. */
export async function stop({ process: server }: Server): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill();
  await once(server, 'exit');
}
