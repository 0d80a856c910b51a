import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { KnownRoutes } from './known-routes';

/** Rejects methods that a path does not support, even if a more general route that matches the path supports them. */
@Injectable()
export class KnownMethodsGuard implements CanActivate {
  constructor(private readonly routes: KnownRoutes) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    this.routes.checkMethod(http.getRequest<Request>(), http.getResponse<Response>());
    return true;
  }
}
