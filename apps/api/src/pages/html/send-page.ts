import type { Response } from 'express';

/** Sends a page that is made for one visitor; its address, which may hold a token, goes to no other server. */
export function sendPage(response: Response, status: number, content: string): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    .type('html')
    .send(content);
}
