import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/** Errors of a request that no server has received. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ETIMEDOUT']);

/**
 * A proxy that sends requests to servers in turn, as nginx does: to the next server if one does not listen, and answered by 502
 * if a server ends the connection before its answer.
 */
class RoundRobinProxy {
  private readonly agent = new Agent({ keepAlive: true });
  private turn = 0;

  /** @param ports of the servers on 127.0.0.1 */
  constructor(private readonly ports: readonly number[]) {}

  listen(port: number): void {
    createServer((incoming, answer) => void this.forward(incoming, answer)).listen(port, '127.0.0.1', () =>
      console.log('The proxy listens.'),
    );
  }

  private async forward(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const first = this.turn++;
    for (let tried = 0; tried < this.ports.length; tried++) {
      const failure = await this.send(
        this.ports[(first + tried) % this.ports.length]!,
        incoming,
        body,
        answer,
      );
      if (failure === undefined) return;
      if (!NOT_SENT.has(failure)) break;
    }
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end();
  }

  /** @returns the code of the error; undefined if the answer was forwarded */
  private send(
    port: number,
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    answer: ServerResponse,
  ): Promise<string | undefined> {
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
      const sent = request({ host: '127.0.0.1', port, method, path: url, headers, agent: this.agent });
      sent.on('error', fail);
      sent.on('response', (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
        response.on('error', fail);
        response.on('end', () => resolve(undefined));
      });
      sent.end(body);
    });
  }
}

// Arguments: the port of the proxy, and those of the servers.
const [port, ...ports] = process.argv.slice(2).map(Number);
new RoundRobinProxy(ports).listen(port!);
