/** Maximum length of a number as text; the longest doubles have 309 digits before the decimal point. */
export const MAX_NUMBER_LENGTH = 400;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const LEADING_DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/i;

/**
 * Reads a decimal number: `12`, `-0.5`, `2.`, `.5`, `1e3`, without surrounding text.
 *
 * @returns the nearest double; undefined if the text is not a number, is too long, or exceeds the range of doubles
 */
export function parseDecimal(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The number at the start of a text, as text; empty if there is none. The caller must limit the length of the text. */
export function leadingDecimal(text: string): string {
  return LEADING_DECIMAL.exec(text)?.[0] ?? '';
}
