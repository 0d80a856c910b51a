import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitForOutput } from './processes';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** `describe` for tests that need Redis. Without it they are skipped with a warning, or fail if services are required. */
export const describeWithRedis = chooseDescribe();

function chooseDescribe(): jest.Describe {
  if (isInstalled) return describe;
  if (process.env['REQUIRE_SERVICES'] === '1')
    throw new Error('redis-server is not on the PATH, but these tests need it.');
  process.stderr.write(
    '\n*** SKIPPED: tests that need Redis, because redis-server is not on the PATH. ***\n\n',
  );
  return describe.skip;
}

export interface RedisServer {
  port: number;
  stop: () => Promise<void>;
}

/** Starts an empty Redis server, on a free port unless one is given. */
export async function startRedis(givenPort?: number): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-redis-'));
  const port = givenPort ?? (await freePort());
  const server = spawn('redis-server', [
    '--port',
    String(port),
    '--dir',
    folder,
    '--save',
    '',
    '--bind',
    '127.0.0.1',
  ]);
  await waitForOutput(server, /Ready to accept connections/);
  return {
    port,
    stop: async () => {
      server.kill();
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
