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
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    const line = text.slice(0, position).split('\n').length;
    throw new JsonTextError(`Not valid JSON: see line ${line}.`);
  }
}
