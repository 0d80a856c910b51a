import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { JsonPieces } from './json-pieces';

/**
 * Sends answers that come as `JsonPieces` piece by piece, with the headers that Express gives to an answer that is sent
 * at once, and 304 to clients that have the content. Leaves other answers to Express.
 */
@Injectable()
export class LargeJson implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    // Nest awaits what comes out. `mergeMap` would do so here, at a cost that small answers feel.
    return next
      .handle()
      .pipe(
        map((answer: unknown) => (answer instanceof JsonPieces ? send(answer, request, response) : answer)),
      );
  }
}

async function send(json: JsonPieces, request: Request, response: Response): Promise<unknown> {
  const { tag, content } = await json.tagged();
  response.set('ETag', tag);
  if (request.fresh) {
    response.status(304);
    return undefined;
  }
  if (typeof content === 'string') response.type('application/json');
  return content;
}
