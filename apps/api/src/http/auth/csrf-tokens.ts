import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { deriveKey } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';

/**
 * Tokens that only our own pages carry: a browser adds cookies to what other sites make it send, but those sites cannot
 * know the token that goes with the cookie.
 */
@Injectable()
export class CsrfTokens {
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.key = deriveKey('csrf', settings);
  }

  /** The token that goes with a session, or with the cookie of a visitor who has none. */
  tokenFor(kind: 'session' | 'visitor', id: string): string {
    return createHmac('sha256', this.key).update(`${kind} ${id}`).digest('base64url');
  }

  isGood(kind: 'session' | 'visitor', id: string, token: unknown): boolean {
    if (typeof token !== 'string') return false;
    const [expected, given] = [Buffer.from(this.tokenFor(kind, id)), Buffer.from(token)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
