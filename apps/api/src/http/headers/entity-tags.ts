import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import etag from 'etag';
import type { Request, Response } from 'express';
import fresh from 'fresh';
import { map, type Observable } from 'rxjs';

/**
 * Adds an ETag computed from the content, and answers 304 to clients that have this content. Express does the same, but
 * not for requests with `Cache-Control: no-cache`, which `fetch` adds to each request that sets If-None-Match.
 * A string is sent unchanged, as JSON; other content is serialised.
 */
@Injectable()
export class EntityTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next.handle().pipe(
      map((answer: unknown) => {
        const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
        const tag = etag(text, { weak: true });
        response.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
        if (fresh({ 'if-none-match': request.headers['if-none-match'] }, { etag: tag })) {
          response.status(304);
          return undefined;
        }
        response.type('application/json');
        return text;
      }),
    );
  }
}
