import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, of, type Observable } from 'rxjs';
import { JsonPieces } from './json-pieces';

/** Length of the hash in the entity tags of Express. */
const HASH_LENGTH = 27;

/**
 * Sends answers that come as `JsonPieces` piece by piece, with the headers that Express gives to an answer that is sent
 * at once, and 304 to clients that have the content. Leaves other answers to Express.
 */
@Injectable()
export class LargeJson implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next
      .handle()
      .pipe(
        mergeMap((answer: unknown) =>
          answer instanceof JsonPieces ? tagged(answer, request, response) : of(answer),
        ),
      );
  }
}

async function tagged(json: JsonPieces, request: Request, response: Response): Promise<unknown> {
  const { sha1, bytes, text } = await json.digest();
  response.set('ETag', `W/"${bytes.toString(16)}-${sha1.digest('base64').slice(0, HASH_LENGTH)}"`);
  if (request.fresh) {
    response.status(304);
    return undefined;
  }
  if (text === undefined) return json.toStream(bytes);
  response.type('application/json');
  return text;
}
