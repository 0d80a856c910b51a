import type { Request } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** A request to a page, with the user if logged in. */
export type PageRequest = Request & { user?: ApiUser };

/** The value of a field of a form; an empty string if it was not sent. */
export function fieldOf({ body }: Request, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

/** The values of all fields of a form, without spaces around them. */
export const fieldsOf = <Name extends string>(
  request: Request,
  names: readonly Name[],
): Record<Name, string> =>
  Object.fromEntries(names.map((name) => [name, fieldOf(request, name).trim()])) as Record<Name, string>;
