import type { StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { JsonPieces } from './json-pieces';

/**
 * What a handler returns for an answer that may come as `JsonPieces`: a large one is sent piece by piece, with the
 * headers that Express gives to an answer that is sent at once, and 304 to clients that have the content. Other answers
 * are left to Express. A function, not an interceptor: small answers are sent without observables.
 */
export async function largeJson<Answer>(
  answer: Answer | JsonPieces,
  response: Response,
): Promise<Answer | string | StreamableFile | undefined> {
  if (!(answer instanceof JsonPieces)) return answer;
  const { tag, content } = await answer.tagged();
  response.set('ETag', tag);
  if (response.req.fresh) {
    response.status(304);
    return undefined;
  }
  if (typeof content === 'string') response.type('application/json');
  return content;
}
