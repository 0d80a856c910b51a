import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Pool } from 'pg';
import { ObservedClient } from './observed-client';

/** A message of the PostgreSQL protocol: type, length, content. */
const message = (type: string, content: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
};

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const TERMINATED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

describe('ObservedClient', () => {
  let server: Server;

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('does not end the process if the server ends the connection as soon as it is ready', async () => {
    const uncaught: unknown[] = [];
    const record = (error: unknown) => void uncaught.push(error);
    const { port } = server.address() as AddressInfo;
    const pool = new Pool({ host: '127.0.0.1', port, user: 'someone', Client: ObservedClient });
    pool.on('error', () => undefined);
    process.on('uncaughtException', record);
    try {
      const client = await pool.connect();
      await expect(client.query('SELECT 1')).rejects.toThrow();
      client.release(true);
    } finally {
      process.off('uncaughtException', record);
      await pool.end();
    }
    expect(uncaught).toEqual([]);
  });
});
