/** Most characters of a number that is given as text; the longest doubles have 309 digits before their point. */
export const MAX_NUMBER_LENGTH = 400;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const LEADING_DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/i;

/**
 * Reads a decimal number: `12`, `-0.5`, `2.`, `.5`, `1e3`, with nothing around it.
 *
 * @returns the nearest double; undefined when the text is no number, longer than MAX_NUMBER_LENGTH, or beyond doubles
 */
export function parseDecimal(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The number that a text begins with, as it is written; empty when there is none. The caller bounds the text. */
export function leadingDecimal(text: string): string {
  return LEADING_DECIMAL.exec(text)?.[0] ?? '';
}
