import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/**
 * Lets a function decide about each request of a server before the present handlers see it.
 * @param intercept calls `handle` to pass the request on to them
 */
export function interceptRequests(
  server: Server,
  intercept: (request: IncomingMessage, response: ServerResponse, handle: () => void) => void,
): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) =>
    intercept(request, response, () => {
      for (const handler of handlers) handler(request, response);
    }),
  );
}
