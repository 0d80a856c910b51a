import { createHash } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { SAFE_METHODS } from '../auth/authentication/safe-methods';
import { BodiesInFlight, SMALL_BODY_BYTES } from './bodies-in-flight';
import {
  BODY_LIMITS,
  DEFAULT_BODY,
  IGNORES_BODY,
  PARAMETERS_IN_BODY,
  VISITOR_BODY,
  type BodyLimits,
} from './body-limits';
import { JSON_TYPES } from './media-type.guard';
import { parseJson } from './parse-json';
import { readBytes } from './read-bytes';

/**
 * Reads the JSON body of a request after authentication and authorization, so that clients without a user can make the
 * server read a few kilobytes at most. Large bodies are processed a few at a time.
 *
 * A guard, the last one, instead of an interceptor: Nest creates observables for every request of routes with interceptors.
 */
@Injectable()
export class BodyReader implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly inFlight: BodiesInFlight,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    if (!request.is(JSON_TYPES)) return true;
    if (this.hasMark(PARAMETERS_IN_BODY, context)) return this.readParameters(request);
    if (SAFE_METHODS.includes(request.method) || this.hasMark(IGNORES_BODY, context)) return true;
    return this.read(request, http.getResponse<Response>(), this.limitsOf(request, context));
  }

  private async read(request: Request, response: Response, limits: BodyLimits): Promise<true> {
    const account = this.inFlight.open(request);
    const bytes = await readBytes(request, limits, account).catch((error: unknown) => {
      account.close();
      throw error;
    });
    if (request.headers['idempotency-key'] !== undefined) hashBody(request, bytes);
    if (bytes.length <= SMALL_BODY_BYTES) {
      account.close();
      request.body = parseJson(bytes, request);
    } else {
      await this.inFlight.waitForTurn(account, response);
      request.body = parseJson(bytes, request);
      // Lets other requests run between parsing and validation.
      await nextTick();
    }
    return true;
  }

  /** Takes the fields of a small body as parameters of the query. */
  private async readParameters(request: Request): Promise<true> {
    const account = this.inFlight.open(request);
    try {
      const fields = parseJson(await readBytes(request, VISITOR_BODY, account), request);
      const query = { ...inTexts(fields as Record<string, unknown>), ...request.query };
      Object.defineProperty(request, 'query', { value: query });
    } finally {
      account.close();
    }
    return true;
  }

  private hasMark(key: string, context: ExecutionContext): boolean {
    return this.reflector.get<boolean | undefined>(key, context.getHandler()) === true;
  }

  private limitsOf(request: Request, context: ExecutionContext): BodyLimits {
    const limits = request.user
      ? (this.reflector.get<BodyLimits | undefined>(BODY_LIMITS, context.getHandler()) ?? DEFAULT_BODY)
      : VISITOR_BODY;
    const bytes = Math.min(limits.bytes, this.settings.maxBodyBytes);
    return bytes === limits.bytes ? limits : { ...limits, bytes };
  }
}

/** Keeps the SHA-256 of the body, because the bytes are not kept. */
function hashBody(request: Request & { bodyHash?: Buffer }, bytes: Buffer): void {
  request.bodyHash = createHash('sha256').update(bytes).digest();
}

/** Numbers and booleans as texts, as they come in a query. */
const inTexts = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    ]),
  );
