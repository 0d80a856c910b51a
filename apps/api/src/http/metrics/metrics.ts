import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Route of requests that match none. Their paths would be labels without end. */
const NO_ROUTE = 'none';

/** Content type of answers that stay open: how long they did says nothing about the server. */
const STREAMED = /^text\/event-stream\b/;

const isStream = (response: Response): boolean =>
  response.headersSent && STREAMED.test(String(response.getHeader('Content-Type')));

/** What metrics are kept in. */
interface Instruments {
  registry: Registry;
  requests: Histogram;
}

/** The metrics of this process. Their library is loaded with the first request, so that it does not delay the start. */
@Injectable()
export class Metrics {
  private instruments: Promise<Instruments> | undefined;
  /** Responses that have not ended. */
  private readonly open = new Set<Response>();

  /** Express middleware that measures requests, except for those that a stream answers. */
  readonly measureRequests = (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = process.hrtime.bigint();
    this.open.add(response);
    // Also emitted if the client hangs up.
    response.once('close', () => {
      this.open.delete(response);
      if (isStream(response)) return;
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const { path } = (request.route ?? {}) as { path?: unknown };
      const route = typeof path === 'string' ? path : NO_ROUTE;
      const method = route === NO_ROUTE ? 'any' : request.method;
      const labels = { method, route, status: response.statusCode };
      void this.load().then(({ requests }) => {
        requests.observe(labels, seconds);
      });
    });
    next();
  };

  /** The registry of all metrics. */
  async registry(): Promise<Registry> {
    return (await this.load()).registry;
  }

  private load(): Promise<Instruments> {
    this.instruments ??= import('prom-client').then((library) => {
      const registry = new library.Registry();
      const requests = new library.Histogram({
        name: 'flexmeasures_http_request_duration_seconds',
        help: 'Time from request to response, by route and status.',
        labelNames: ['method', 'route', 'status'],
        buckets: SECONDS,
        registers: [registry],
      });
      const { open } = this;
      new library.Gauge({
        name: 'flexmeasures_event_streams',
        help: 'Streams of events that are open.',
        registers: [registry],
        collect() {
          this.set([...open].filter(isStream).length);
        },
      });
      return { registry, requests };
    });
    return this.instruments;
  }
}
