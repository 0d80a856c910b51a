import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { inSlices, JsonPieces } from './json-pieces';

/** Longer texts are made anew to be sent, instead of being kept while the tag is made. */
const MAX_KEPT_LENGTH = 1_000_000;

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
      mergeMap(async (answer: unknown) => {
        const json = answer instanceof JsonPieces ? answer : new JsonPieces(() => [textOf(answer)]);
        const { tag, text } = await taggedText(json);
        response.set({ ETag: tag, 'Cache-Control': 'private, no-cache' });
        if (knows(request.headers['if-none-match'], tag)) {
          response.status(304);
          return undefined;
        }
        if (text === undefined) return json.toAnswer();
        response.type('application/json');
        return text;
      }),
    );
  }
}

const textOf = (answer: unknown): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));

/** The tag, and the text unless it is long. */
async function taggedText({ pieces }: JsonPieces): Promise<{ tag: string; text: string | undefined }> {
  const hash = createHash('sha1');
  const kept: string[] = [];
  let length = 0;
  for await (const piece of inSlices(pieces())) {
    hash.update(piece);
    length += piece.length;
    if (length <= MAX_KEPT_LENGTH) kept.push(piece);
  }
  const text = length <= MAX_KEPT_LENGTH ? kept.join('') : undefined;
  return { tag: `W/"${hash.digest('base64url')}"`, text };
}

const knows = (given: string | undefined, tag: string): boolean =>
  (given ?? '').split(',').some((one) => one.trim() === '*' || weak(one.trim()) === tag);

const weak = (tag: string): string => (tag.startsWith('W/') ? tag : `W/${tag}`);
