import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { rejected } from '../errors/api-error';

/** Media types whose bodies are read as JSON. */
export const JSON_TYPES = ['application/json', 'application/*+json'];

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
    // The reader of JSON decompresses it, or refuses its encoding; forms are read as they come.
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
