import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { rejected } from '../errors/api-error';

/** Media types whose bodies are read as JSON. */
export const JSON_TYPES = ['application/json', 'application/*+json'];

/** Levels of lists and objects within each other; beyond them reading a body by recursion is not safe. */
const MAX_DEPTH = 64;

/** Refuses JSON that is nested so deeply that no request of the API can mean it. */
export function refuseDeepJson(request: Request, _response: Response, next: NextFunction): void {
  if (isDeeperThan(MAX_DEPTH, request.body as unknown)) {
    throw rejected(400, 'INVALID_REQUEST', `The request body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  next();
}

function isDeeperThan(levels: number, value: unknown): boolean {
  let level = isNested(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    const below: object[] = [];
    for (const parent of level) {
      for (const child of Object.values(parent) as unknown[]) if (isNested(child)) below.push(child);
    }
    level = below;
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Where Swagger's `ApiConsumes` keeps the media types of a route. */
const CONSUMES = 'swagger/apiConsumes';

/** Refuses bodies that a route of the API does not read: all but JSON, unless `ApiConsumes` names others. */
@Injectable()
export class MediaTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.path.startsWith('/api/') || !/^(?:POST|PUT|PATCH)$/.test(request.method)) return true;
    // No type: no body, or one without a type, which is not JSON either.
    const others = this.reflector.get<string[] | undefined>(CONSUMES, context.getHandler()) ?? [];
    // Many clients tell the length of a body also where they send none.
    const isEmpty = request.headers['content-length'] === '0';
    if (!isEmpty && request.is([...JSON_TYPES, ...others]) === false) throw unreadable(others);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    // JSON is unpacked by its reader, which refuses what it cannot; forms come as they are.
    if (request.is('multipart/*') && encoding !== 'identity') {
      throw rejected(415, 'INVALID_REQUEST', 'Forms are not read in another content encoding.');
    }
    return true;
  }
}

const unreadable = (others: string[]) =>
  rejected(
    415,
    'INVALID_REQUEST',
    `The request body must be ${['application/json', ...others.filter((type) => !JSON_TYPES.includes(type))].join(' or ')}; ` +
      'the header Content-Type tells.',
  );
