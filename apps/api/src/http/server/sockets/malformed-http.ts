import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';

const FAILURES: Record<string, { httpStatus: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { httpStatus: 431, message: 'The headers of the request are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { httpStatus: 408, message: 'The request did not arrive in time.' },
};

const UNREADABLE = { httpStatus: 400, message: 'This is not an HTTP request that can be read.' };

/** Answers malformed HTTP with an error of the API, and closes the connection. */
export function answerMalformedHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { httpStatus, message } = FAILURES[error.code ?? ''] ?? UNREADABLE;
  const body = JSON.stringify({ message, result: 'Rejected', status: 'INVALID_REQUEST' });
  socket.end(
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}\r\nConnection: close\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
