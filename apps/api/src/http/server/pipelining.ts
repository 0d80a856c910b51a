import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tooManyRequests } from '../errors/api-error';

/** Browsers and proxies wait for each answer before they send the next request over a connection. */
const MAX_UNANSWERED = 10;
const WAIT_S = 1;

/**
 * Closes connections that send many requests without waiting for answers. Node starts to process all of them at once,
 * thousands from a few kilobytes, and keeps their answers until the client reads them.
 */
export function limitPipelining(server: Server): void {
  const unanswered = new WeakMap<Socket, number>();
  const refused = new WeakSet<Socket>();
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  // Before Express, which takes several times as long as Node does for a request.
  server.on('request', (request, response) => {
    const { socket } = request;
    // The connection closes after the refusal: nobody would read an answer.
    if (refused.has(socket)) return;
    const count = unanswered.get(socket) ?? 0;
    if (count === MAX_UNANSWERED) {
      refused.add(socket);
      socket.pause();
      refuse(response);
      return;
    }
    unanswered.set(socket, count + 1);
    response.once('close', () => unanswered.set(socket, unanswered.get(socket)! - 1));
    for (const handle of handlers) handle(request, response);
  });
}

function refuse(response: ServerResponse): void {
  const message = `A connection may carry ${MAX_UNANSWERED} requests that are not answered yet.`;
  const { httpStatus, body, headers } = tooManyRequests(message, WAIT_S);
  response
    .writeHead(httpStatus, { ...headers, Connection: 'close', 'Content-Type': 'application/json' })
    .end(JSON.stringify(body));
}
