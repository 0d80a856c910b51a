import type { Request } from 'express';
import { storableId } from '../../http/auth/permissions/resource-loaders';
import { rejected } from '../../http/errors/api-error';
import { requiredInfoMissing } from '../messages/rejections';

/** Parameters that say who asks. */
const CREDENTIALS = ['auth_token'];

/**
 * The id in the path of a request that has no other parameters.
 * @throws ApiError 400 with REQUIRED_INFO_MISSING, INVALID_REQUEST or UNEXPECTED_PARAMS; 404 for ids that cannot be stored
 */
export function idOf({ params, query }: Pick<Request, 'params' | 'query'>): number {
  const id = String(params['id']);
  if (!/^\d{1,15}$/.test(id)) throw requiredInfoMissing('id');
  if (Number(id) === 0) throw rejected(400, 'INVALID_REQUEST', 'An id is at least 1.');
  const unexpected = Object.keys(query).filter((name) => !CREDENTIALS.includes(name));
  if (unexpected.length > 0)
    throw rejected(400, 'UNEXPECTED_PARAMS', 'Only one parameter is expected: the id in the path.');
  return storableId(Number(id));
}

/** A parameter with an id; undefined without it. @throws ApiError 400 INVALID_REQUEST; 404 for ids that cannot be stored */
export function idInQuery({ query }: Pick<Request, 'query'>, name: string): number | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^[1-9]\d{0,14}$/.test(given))
    throw rejected(400, 'INVALID_REQUEST', `${name}: Not a valid integer.`);
  return storableId(Number(given));
}

/** A parameter that is true or false; false without it. @throws ApiError 400 INVALID_REQUEST */
export function flagInQuery({ query }: Pick<Request, 'query'>, name: string): boolean {
  const given = query[name] ?? 'false';
  if (typeof given !== 'string' || !/^(?:true|false|1|0)$/i.test(given))
    throw rejected(400, 'INVALID_REQUEST', `${name}: Not a valid boolean.`);
  return /^(?:true|1)$/i.test(given);
}
