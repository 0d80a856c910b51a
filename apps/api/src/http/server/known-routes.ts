import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ApiError, rejected } from '../errors/api-error';

interface Route {
  path: string;
  methods: Record<string, boolean>;
}

/** What Express keeps of each route. */
interface RouteLayer {
  route?: Route;
  match: (path: string) => boolean;
}

interface Application {
  router: { stack: RouteLayer[] };
}

/** Tells requests that no route took whether their path is unknown, or only their method. */
@Injectable()
export class KnownRoutes {
  constructor(private readonly host: HttpAdapterHost<ExpressAdapter>) {}

  /**
   * Checks that the path of a request is not better known as another route, by another method. Without it, `data` in
   * `DELETE /sensors/data` would be taken for the id of a sensor.
   * @throws ApiError 405
   */
  checkMethod(request: Request, response: Response): void {
    const { path } = request.route as Route;
    if (!path.includes(PARAMETER)) return;
    const routes = this.bestRoutes(request.path);
    if (routes.some((route) => route.path === path)) return;
    throw methodNotAllowed(request, response, methodsOf(routes));
  }

  /**
   * Answers a request that no route took.
   * @returns the failure to answer with; undefined when the answer has been sent.
   */
  answer(request: Request, response: Response): ApiError | undefined {
    const methods = methodsOf(this.bestRoutes(request.path));
    if (methods.length > 0 && request.method === 'OPTIONS') {
      response.status(204).set('Allow', methods.join(', ')).end();
      return undefined;
    }
    // Some routes find out for themselves that there is nothing.
    if (methods.length === 0 || methods.includes(request.method)) {
      return rejected(404, 'NOT_FOUND', 'There is nothing at this path.');
    }
    return methodNotAllowed(request, response, methods);
  }

  /** The routes that fit a path with the fewest parameters. */
  private bestRoutes(path: string): Route[] {
    const { router } = this.host.httpAdapter.getInstance<Application>();
    const fitting = router.stack.flatMap((layer) => (layer.route && layer.match(path) ? [layer.route] : []));
    const fewest = Math.min(...fitting.map(parameterCount));
    return fitting.filter((route) => parameterCount(route) === fewest);
  }
}

const PARAMETER = ':';
const parameterCount = ({ path }: Route): number => path.split(PARAMETER).length - 1;

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
