import type { Request } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** A request to a page; the user is there when logged in. */
export type PageRequest = Request & { user?: ApiUser };

/** A field of a form that was sent in; empty when it is not there. */
export function fieldOf({ body }: Request, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
