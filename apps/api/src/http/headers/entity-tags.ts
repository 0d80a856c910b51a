import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';

/**
 * Tags answers by their content, and answers 304 to who has that content already. Also to clients that ask caches for
 * nothing old, as `fetch` does whenever a page states the tag itself; Express would send them everything again. Takes
 * text for JSON, and whatever else as what becomes JSON.
 */
@Injectable()
export class EntityTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next.handle().pipe(
      map((answer: unknown) => {
        const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
        const tag = `W/"${createHash('sha1').update(text).digest('base64url')}"`;
        response.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
        if (knows(request.headers['if-none-match'], tag)) {
          response.status(304);
          return undefined;
        }
        response.type('application/json');
        return text;
      }),
    );
  }
}

const knows = (given: string | undefined, tag: string): boolean =>
  (given ?? '').split(',').some((one) => one.trim() === '*' || weak(one.trim()) === tag);

const weak = (tag: string): string => (tag.startsWith('W/') ? tag : `W/${tag}`);
