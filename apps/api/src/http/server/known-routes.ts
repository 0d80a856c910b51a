import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ApiError, rejected } from '../errors/api-error';

/** The part of Express' internal route layer that is used here. */
interface RouteLayer {
  route?: { methods: Record<string, boolean> };
  match: (path: string) => boolean;
}

interface Application {
  router: { stack: RouteLayer[] };
}

/** Answers requests that no route matches: 404 for an unknown path, 405 for an unknown method, OPTIONS with Allow. */
@Injectable()
export class KnownRoutes {
  constructor(private readonly host: HttpAdapterHost<ExpressAdapter>) {}

  /**
   * Answers a request that no route matches.
   * @returns the error to send; undefined when the response has been sent
   */
  answer(request: Request, response: Response): ApiError | undefined {
    const methods = this.methodsOf(request.path);
    if (methods.length > 0 && request.method === 'OPTIONS') {
      response.status(204).set('Allow', methods.join(', ')).end();
      return undefined;
    }
    // A route may throw NotFoundException itself.
    if (methods.length === 0 || methods.includes(request.method)) {
      return rejected(404, 'NOT_FOUND', 'There is nothing at this path.');
    }
    response.setHeader('Allow', methods.join(', '));
    return rejected(405, 'INVALID_METHOD', `This path does not know the method ${request.method}.`);
  }

  private methodsOf(path: string): string[] {
    const { router } = this.host.httpAdapter.getInstance<Application>();
    const methods = new Set<string>();
    for (const layer of router.stack) {
      if (!layer.route || !layer.match(path)) continue;
      for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
    }
    if (methods.size === 0) return [];
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods.add('OPTIONS')].sort();
  }
}
