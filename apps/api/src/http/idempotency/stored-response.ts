import type { Response } from 'express';

/** A response as it is stored. */
export interface StoredResponse {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Headers that belong to what the response says, and not to its transport. */
const KEPT = ['Deprecation', 'Sunset', 'Link', 'Location'];

/** What to store of a response that is about to be sent. */
export const toStoredResponse = (response: Response, body: unknown): StoredResponse => ({
  status: response.statusCode,
  headers: Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = response.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  ),
  body,
});
