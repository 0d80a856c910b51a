import { setImmediate as nextTick } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { SETTINGS, type Settings } from '#lib/config';
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

const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Reads the JSON body of a request after authentication and authorization, so that clients without a user can make the
 * server read a few kilobytes at most. Large bodies are processed a few at a time.
 */
@Injectable()
export class BodyReader implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly inFlight: BodiesInFlight,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> | Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.is(JSON_TYPES)) return next.handle();
    if (this.reflector.get<boolean | undefined>(PARAMETERS_IN_BODY, context.getHandler()))
      return this.withParameters(request, this.limitsOf(request, context), next);
    if (WITHOUT_BODY.includes(request.method)) return next.handle();
    if (this.reflector.get<boolean | undefined>(IGNORES_BODY, context.getHandler())) return next.handle();
    return this.withBody(request, this.limitsOf(request, context), next);
  }

  private async withBody(
    request: Request,
    limits: BodyLimits,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const account = this.inFlight.open(request);
    try {
      let bytes: Buffer | undefined = await readBytes(request, limits, account);
      if (bytes.length <= SMALL_BODY_BYTES) {
        request.body = parseJson(bytes, request);
        return next.handle();
      }
      const answer: unknown = await this.inFlight.process(account, async () => {
        request.body = parseJson(bytes!, request);
        bytes = undefined;
        // Lets other requests run between parsing and validation.
        await nextTick();
        return lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined });
      });
      return of(answer);
    } finally {
      account.close();
    }
  }

  /** Takes the fields of the body as parameters of the query. */
  private async withParameters(
    request: Request,
    limits: BodyLimits,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const account = this.inFlight.open(request);
    try {
      const fields = parseJson(await readBytes(request, limits, account), request);
      const query = { ...inTexts(fields as Record<string, unknown>), ...request.query };
      Object.defineProperty(request, 'query', { value: query });
    } finally {
      account.close();
    }
    return next.handle();
  }

  private limitsOf(request: Request, context: ExecutionContext): BodyLimits {
    const limits = request.user
      ? (this.reflector.get<BodyLimits | undefined>(BODY_LIMITS, context.getHandler()) ?? DEFAULT_BODY)
      : VISITOR_BODY;
    const bytes = Math.min(limits.bytes, this.settings.maxBodyBytes);
    return bytes === limits.bytes ? limits : { ...limits, bytes };
  }
}

/** Numbers and booleans as texts, as they come in a query. */
const inTexts = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    ]),
  );
