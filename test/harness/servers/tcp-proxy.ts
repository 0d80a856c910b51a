import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './processes';

/** A TCP proxy whose connections can be cut and allowed again, as when a server stops and restarts. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port: number | undefined;

  /** @param target can be changed while connections are cut */
  constructor(public target: { host: string; port: number }) {}

  /** Accepts connections, always on the same port. @returns the port */
  async open(): Promise<number> {
    this.port ??= await freePort();
    this.server = createServer((near) => {
      const far = connect(this.target);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => this.sockets.delete(socket));
        socket.pipe(other);
      }
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    return this.port;
  }

  /** Closes all connections and accepts no new ones. */
  async cut(): Promise<void> {
    const closed = once(this.server!, 'close');
    this.server!.close();
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }
}
