import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { KnownRoutes } from './known-routes';

/** Refuses methods that a path does not know, also where the path fits a more general route that knows them. */
@Injectable()
export class KnownMethodsGuard implements CanActivate {
  constructor(private readonly routes: KnownRoutes) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    this.routes.checkMethod(http.getRequest<Request>(), http.getResponse<Response>());
    return true;
  }
}
