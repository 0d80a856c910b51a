import { findJsonError } from './json-position';

/** Text of a form that is not valid JSON. */
export class JsonTextError extends Error {}

/**
 * Reads JSON that a person typed.
 * @param empty what an empty text means
 * @throws JsonTextError naming the line
 */
export function readJsonText(text: string, empty: unknown = {}): unknown {
  if (text.trim() === '') return empty;
  try {
    return JSON.parse(text);
  } catch {
    const line = text.slice(0, findJsonError(text)).split('\n').length;
    throw new JsonTextError(`Not valid JSON: see line ${line}.`);
  }
}
