import type { Request } from 'express';
import { badJson, rejected } from '../errors/api-error';

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Parses a body to a list or an object; an empty body gives an empty object.
 * @throws ApiError 400 for invalid JSON, 415 for JSON that is not UTF-8
 */
export function parseJson(bytes: Buffer, { headers, path }: Request): unknown {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw rejected(415, 'INVALID_REQUEST', 'JSON must be encoded as UTF-8.');
  if (bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Invalid JSON: rejected below.
  }
  throw badJson(path);
}
