import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ApiError, rejected } from '../errors/api-error';

/** The part of an Express route that is used here. */
interface Route {
  /** A regular expression only in plugins. */
  path: string | RegExp;
  methods: Record<string, boolean>;
}

/** The part of Express' internal route layer that is used here. */
interface RouteLayer {
  route?: Route;
  match: (path: string) => boolean;
}

interface Application {
  router: { stack: RouteLayer[] };
}

/** A route, and how specific it is: with fewer parameters more so. */
interface KnownRoute {
  route: Route;
  parameters: number;
  matches: (path: string) => boolean;
}

/** Answers requests that no route matches: 404 for an unknown path, 405 for an unknown method, OPTIONS with Allow. */
@Injectable()
export class KnownRoutes {
  /** In the order of `parameters`; found at the first request, when all routes are registered. */
  private routes: KnownRoute[] | undefined;
  private readonly parameterCounts = new WeakMap<Route, number>();

  constructor(private readonly host: HttpAdapterHost<ExpressAdapter>) {}

  /**
   * Checks that no other route matches the path of a request more specifically, with other methods. Otherwise `data`
   * in `DELETE /sensors/data` would be read as the id of a sensor.
   * @throws ApiError 405
   */
  checkMethod(request: Request, response: Response): void {
    const parameters = this.countParameters(request.route as Route);
    if (parameters === 0) return;
    const routes = this.findMostSpecificRoutes(request.path, parameters);
    if (routes.length === 0) return;
    const methods = methodsOf(routes);
    if (methods.includes(request.method)) return;
    throw methodNotAllowed(request, response, methods);
  }

  /**
   * Answers a request that no route matches.
   * @returns the error to send; undefined when the response has been sent
   */
  answer(request: Request, response: Response): ApiError | undefined {
    const methods = methodsOf(this.findMostSpecificRoutes(request.path));
    if (methods.length > 0 && request.method === 'OPTIONS') {
      response.status(204).set('Allow', methods.join(', ')).end();
      return undefined;
    }
    // A route may throw NotFoundException itself.
    if (methods.length === 0 || methods.includes(request.method)) {
      return rejected(404, 'NOT_FOUND', 'There is nothing at this path.');
    }
    return methodNotAllowed(request, response, methods);
  }

  private countParameters(route: Route): number {
    let count = this.parameterCounts.get(route);
    if (count === undefined) {
      count = parameterCount(route);
      this.parameterCounts.set(route, count);
    }
    return count;
  }

  /** The routes that match a path with the fewest parameters, and with fewer than a limit. */
  private findMostSpecificRoutes(path: string, limit = Infinity): Route[] {
    const found: Route[] = [];
    let most = limit - 1;
    for (const { route, parameters, matches } of (this.routes ??= this.findRoutes())) {
      if (parameters > most) break;
      if (!matches(path)) continue;
      most = parameters;
      found.push(route);
    }
    return found;
  }

  private findRoutes(): KnownRoute[] {
    const { router } = this.host.httpAdapter.getInstance<Application>();
    return router.stack
      .flatMap((layer): KnownRoute[] =>
        layer.route
          ? [
              {
                route: layer.route,
                parameters: parameterCount(layer.route),
                matches: (path) => layer.match(path),
              },
            ]
          : [],
      )
      .sort((one, other) => one.parameters - other.parameters);
  }
}

/** The number of parameters and wildcards in the path of a route. */
const parameterCount = ({ path }: Pick<Route, 'path'>): number => String(path).split(/[:*]/).length - 1;

function methodsOf(routes: Route[]): string[] {
  const methods = new Set(
    routes.flatMap((route) => Object.keys(route.methods)).map((name) => name.toUpperCase()),
  );
  if (methods.size === 0) return [];
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].sort();
}

function methodNotAllowed({ method }: Request, response: Response, methods: string[]): ApiError {
  response.setHeader('Allow', methods.join(', '));
  return rejected(405, 'INVALID_METHOD', `This path does not know the method ${method}.`);
}
