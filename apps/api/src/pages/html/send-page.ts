import type { Response } from 'express';

/** Sends a page without caching and without referrer, because its URL may contain a token. */
export function sendPage(response: Response, status: number, content: string): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    .type('html')
    .send(content);
}
