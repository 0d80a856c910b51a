import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, describeWith } from '../needs';
import { freePort, waitForOutput } from './processes';

/** `describe` for tests that need Redis. */
export const describeWithRedis = describeWith(commands('Redis (redis-server)', 'redis-server'));

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
