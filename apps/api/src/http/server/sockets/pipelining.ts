import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tooManyRequests } from '../../errors/api-error';
import { interceptRequests } from './intercept-requests';

/** Browsers and proxies wait for each response before they send the next request over a connection. */
const MAX_UNANSWERED = 10;
const WAIT_S = 1;

/**
 * Closes connections that send many requests without waiting for responses. Node processes all of them at once,
 * thousands from a few kilobytes, and keeps the responses in memory until the client reads them.
 */
export function limitPipelining(server: Server): void {
  const unanswered = new WeakMap<Socket, number>();
  const rejected = new WeakSet<Socket>();
  // Before Express, which takes several times as long per request as Node.
  interceptRequests(server, (request, response, handle) => {
    const { socket } = request;
    // The connection closes after the rejection, so that the client cannot read further responses.
    if (rejected.has(socket)) return;
    const count = unanswered.get(socket) ?? 0;
    if (count === MAX_UNANSWERED) {
      rejected.add(socket);
      socket.pause();
      reject(response);
      return;
    }
    unanswered.set(socket, count + 1);
    response.once('close', () => unanswered.set(socket, unanswered.get(socket)! - 1));
    handle();
  });
}

function reject(response: ServerResponse): void {
  const message = `A connection may have at most ${MAX_UNANSWERED} requests in flight. Wait for the responses.`;
  const { httpStatus, body, headers } = tooManyRequests(message, WAIT_S);
  response
    .writeHead(httpStatus, { ...headers, Connection: 'close', 'Content-Type': 'application/json' })
    .end(JSON.stringify(body));
}
