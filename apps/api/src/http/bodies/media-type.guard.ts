import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { rejected } from '../errors/api-error';
import { CONSUMES } from '../contract/metadata';

/** Media types whose bodies are read as JSON. */
export const JSON_TYPES = ['application/json', 'application/*+json'];

/** Rejects bodies whose media type the route does not read: all but JSON, unless `ApiConsumes` names others. */
@Injectable()
export class MediaTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.path.startsWith('/api/') || !/^(?:POST|PUT|PATCH)$/.test(request.method)) return true;
    const others = this.reflector.get<string[] | undefined>(CONSUMES, context.getHandler()) ?? [];
    // Many clients send a Content-Length of 0 and a Content-Type without a body.
    const isEmpty = request.headers['content-length'] === '0';
    if (!isEmpty && request.is([...JSON_TYPES, ...others]) === false) throw unreadable(others);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    // The body reader decompresses JSON; forms are not decompressed.
    if (request.is('multipart/*') && encoding !== 'identity') {
      throw rejected(415, 'INVALID_REQUEST', 'A form must be sent without Content-Encoding.');
    }
    return true;
  }
}

const unreadable = (others: string[]) =>
  rejected(
    415,
    'INVALID_REQUEST',
    `The header Content-Type must be ${['application/json', ...others.filter((type) => !JSON_TYPES.includes(type))].join(' or ')}.`,
  );
