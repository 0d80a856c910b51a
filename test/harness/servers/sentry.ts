import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** What Sentry gets of an event. */
export interface SentryEvent {
  level: string;
  message?: string;
  environment?: string;
  release?: string;
  server_name?: string;
  tags?: Record<string, string>;
  contexts?: Record<string, Record<string, unknown>>;
  exception?: { values: { type: string; value: string; stacktrace: { frames: { function?: string }[] } }[] };
}

/** A stand-in for Sentry that keeps the events that arrive. */
export interface SentryServer {
  /** URL for SENTRY_DSN. */
  dsn: string;
  events: SentryEvent[];
  stop: () => Promise<void>;
}

/** Understands envelopes: a line about the envelope, and for each item a line about it and one with its content. */
export async function startSentry(): Promise<SentryServer> {
  const events: SentryEvent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      const isRight = request.url?.startsWith('/api/42/envelope/') === true && text.includes('key');
      const lines = text.trim().split('\n').slice(1);
      for (let i = 0; i + 1 < lines.length; i += 2) {
        const { type } = JSON.parse(lines[i]!) as { type: string };
        if (isRight && type === 'event') events.push(JSON.parse(lines[i + 1]!) as SentryEvent);
      }
      response.writeHead(isRight ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://key@127.0.0.1:${port}/42`,
    events,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
