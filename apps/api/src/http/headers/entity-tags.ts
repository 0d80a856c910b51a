import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { JsonPieces } from '../answers/json-pieces';

/**
 * Tags answers by their content, and answers 304 to who has that content already. Also to clients that ask caches for
 * nothing old, as `fetch` does whenever a page states the tag itself; Express would send them everything again. Takes
 * `JsonPieces` and text for JSON, and whatever else as what becomes JSON.
 */
@Injectable()
export class EntityTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const json = answer instanceof JsonPieces ? answer : new JsonPieces(() => [textOf(answer)]);
        const { sha1, bytes, text } = await json.digest();
        const tag = `W/"${sha1.digest('base64url')}"`;
        response.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
        if (knows(request.headers['if-none-match'], tag)) {
          response.status(304);
          return undefined;
        }
        if (text === undefined) return json.toStream(bytes);
        response.type('application/json');
        return text;
      }),
    );
  }
}

const textOf = (answer: unknown): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));

const knows = (given: string | undefined, tag: string): boolean =>
  (given ?? '').split(',').some((one) => one.trim() === '*' || weak(one.trim()) === tag);

const weak = (tag: string): string => (tag.startsWith('W/') ? tag : `W/${tag}`);
