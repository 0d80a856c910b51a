import type { Server } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LongResponses } from './long-responses';

/** After this time, open connections are closed. */
const GRACE_MS = 10_000;
const CHECK_INTERVAL_MS = 50;

/** On shutdown, accepts no more requests, ends streams, and waits for the other requests in flight. */
@Injectable()
export class ServerShutdown implements OnModuleDestroy {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly longResponses: LongResponses,
  ) {}

  onModuleDestroy(): Promise<void> {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    return new Promise((resolve) => {
      // Connections that become idle would keep the server open.
      const idle = setInterval(() => server.closeIdleConnections(), CHECK_INTERVAL_MS);
      const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.close(() => {
        clearInterval(idle);
        clearTimeout(late);
        resolve();
      });
      this.longResponses.endAll();
    });
  }
}
