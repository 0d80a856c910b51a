import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
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

/** Starts an empty Redis server, on a free port unless one is given. @param password that clients need */
export async function startRedis(givenPort?: number, password?: string): Promise<RedisServer> {
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
    ...(password === undefined ? [] : ['--requirepass', password]),
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

/** The replies of a Redis server to commands, one line each. */
export async function askRedis({ port }: RedisServer, ...lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').end(`${[...lines, 'QUIT'].join('\r\n')}\r\n`);
  let replies = '';
  for await (const part of socket) replies += String(part);
  return replies.split('\r\n').slice(0, lines.length);
}
