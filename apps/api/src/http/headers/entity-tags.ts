import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import etag from 'etag';
import type { Request, Response } from 'express';
import fresh from 'fresh';
import { mergeMap, type Observable } from 'rxjs';
import { JsonPieces } from '../answers/json-pieces';

/**
 * Adds an entity tag made of the content, and answers 304 to clients that have this content. Express does the same, but
 * not if the request has `Cache-Control: no-cache`, which `fetch` adds to each request with an If-None-Match of its own.
 * `JsonPieces` and text are sent as JSON as they are; other content becomes JSON.
 */
@Injectable()
export class EntityTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const { tag, content } =
          answer instanceof JsonPieces ? await answer.tagged() : taggedText(textOf(answer));
        response.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
        if (fresh({ 'if-none-match': request.headers['if-none-match'] }, { etag: tag })) {
          response.status(304);
          return undefined;
        }
        if (typeof content === 'string') response.type('application/json');
        return content;
      }),
    );
  }
}

const textOf = (answer: unknown): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));

const taggedText = (text: string) => ({ tag: etag(text, { weak: true }), content: text });
