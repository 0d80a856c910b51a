import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import onHeaders from 'on-headers';
import { interceptRequests } from './intercept-requests';

/** After the answer, the rest of a body is read and discarded until it is complete or nothing arrives for this long. */
const LINGER_IDLE_MS = 5_000;

/**
 * Closes the connection after an answer that is sent before the whole body of its request has arrived, for example 401, 404
 * or 413. Some clients stop sending the body when the answer arrives, and would send the next request over the connection:
 * the server would read it as the rest of the body.
 */
export function closeAfterEarlyAnswers(server: Server): void {
  const closing = new WeakSet<Socket>();
  interceptRequests(server, (request, response, handle) => {
    const { socket } = request;
    // The client was told that no further request will be answered.
    if (closing.has(socket)) return;
    if (!hasBody(request)) {
      handle();
      return;
    }
    onHeaders(response, () => {
      if (request.complete) return;
      response.setHeader('Connection', 'close');
      closing.add(socket);
      lingerBeforeClose(request);
    });
    // Node reads the part of the body that came with the headers after this event.
    setImmediate(handle);
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Replaces how Node closes the connection after the answer: only this side is closed at first. If unread data were left
 * when the connection is closed, the operating system would reset it, and the client might lose the answer.
 */
function lingerBeforeClose(request: IncomingMessage): void {
  const { socket } = request;
  const close = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (request.complete) {
      close();
      return;
    }
    socket.setTimeout(LINGER_IDLE_MS, close);
    request.once('end', close);
    request.resume();
    socket.end();
  };
}
