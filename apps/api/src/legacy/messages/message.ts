import type { Request } from 'express';
import { rejected } from '../../http/errors/api-error';

/** The fields of a message. Unknown fields are ignored. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * The message of a request: its JSON body, or the parameters of a GET request. A parameter that is sent several times is a
 * list, and so is a parameter with the JSON text of a list.
 * @throws ApiError 400 if the body is not a JSON object
 */
export function readMessage({ method, query, body }: Pick<Request, 'method' | 'query' | 'body'>): Message {
  if (method === 'GET' || method === 'HEAD')
    return Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, readParameter(value)] as const),
    );
  const message: unknown = body ?? {};
  if (isObject(message)) return message;
  throw rejected(400, 'INVALID_REQUEST', 'The request body must be a JSON object.');
}

function readParameter(value: unknown): unknown {
  const given = Array.isArray(value) ? (value as unknown[]) : [value];
  const items = given.flatMap((item) => listInJson(item) ?? [item]);
  return items.length === 1 ? items[0] : items;
}

function listInJson(value: unknown): unknown[] | undefined {
  if (typeof value !== 'string' || !value.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object, but not a list. */
export const isObject = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of the first of these fields that the message has; null counts as missing. */
export function fieldOf(message: Message, ...names: string[]): unknown {
  const name = names.find((one) => Object.hasOwn(message, one) && message[one] !== null);
  return name === undefined ? undefined : message[name];
}

/** A value as a list; one value is a list with one item. */
export const toList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);
