import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { eventually } from '../eventually';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  /** Headers by their name in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** A connection on which a test decides which bytes are sent when. */
export class RawConnection {
  private received = '';
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => (this.received += chunk.toString('latin1')));
    // The server may close while the test sends.
    socket.on('error', () => socket.destroy());
    socket.on('end', () => (this.isClosed = true));
    socket.on('close', () => (this.isClosed = true));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** The next answer, also an interim one; undefined if the server closes the connection first. */
  async next(): Promise<RawAnswer | undefined> {
    let answer: RawAnswer | undefined;
    await eventually(
      () => Promise.resolve((answer = this.take()) !== undefined || this.isClosed),
      (isDone) => isDone,
    );
    return answer ?? this.take();
  }

  async waitForClose(): Promise<void> {
    await eventually(
      () => Promise.resolve(this.isClosed),
      (isClosed) => isClosed,
    );
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Takes a whole answer from the received bytes. Answers have a Content-Length, chunks, or no body. */
  private take(): RawAnswer | undefined {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.received.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const rest = this.received.slice(end + 4);
    const length =
      headers['transfer-encoding'] === 'chunked'
        ? rest.indexOf('0\r\n\r\n') + 5
        : Number(headers['content-length'] ?? 0);
    if (rest.length < length || length === 4) return undefined;
    this.received = rest.slice(length);
    return { status: Number(first.split(' ')[1]), headers, body: rest.slice(0, length) };
  }
}
