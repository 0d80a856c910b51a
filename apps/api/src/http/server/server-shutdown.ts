import type { Server } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** Requests that are not done by then are cut off. */
const GRACE_MS = 10_000;
const LOOK_MS = 50;

/** At the end of the process, takes no more requests and lets those that are under way finish. */
@Injectable()
export class ServerShutdown implements OnModuleDestroy {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleDestroy(): Promise<void> {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    return new Promise((resolve) => {
      // Connections that fell idle meanwhile would keep the server open.
      const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
      const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.close(() => {
        clearInterval(idle);
        clearTimeout(late);
        resolve();
      });
    });
  }
}
