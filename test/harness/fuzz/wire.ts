import { Agent, request as send } from 'node:http';

/** A request as it goes over the wire, however broken. */
export interface WireRequest {
  method: string;
  /** Path and query, sent as they are. */
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

export interface WireAnswer {
  status: number;
  header: (name: string) => string | null;
  content: string;
}

/** Sends requests over connections that stay open; `close` ends them. */
export function wire(url: string, { connections = 8, timeoutMs = 120_000 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  return {
    /** @throws Error when there is no answer in time, or the connection breaks. */
    send: ({ method, path, headers, body }: WireRequest): Promise<WireAnswer> =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'Content-Length': String(body.length) };
        const options = { hostname, port, agent, method, path, headers: { ...length, ...headers } };
        const request = send(options, (response) => {
          const chunks: Buffer[] = [];
          const header = (name: string) => {
            const value = response.headers[name.toLowerCase()];
            return value === undefined ? null : String(value);
          };
          const answer = (): void =>
            resolve({
              status: response.statusCode ?? 0,
              header,
              content: Buffer.concat(chunks).toString('utf8'),
            });
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            // A stream of events has no end.
            if (header('content-type') !== 'text/event-stream') return;
            answer();
            response.destroy();
          });
          response.on('error', reject);
          response.on('end', answer);
        });
        request.setTimeout(timeoutMs, () => request.destroy(new Error(`No answer within ${timeoutMs} ms.`)));
        request.on('error', reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
