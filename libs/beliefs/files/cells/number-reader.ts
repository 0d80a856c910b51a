import { MAX_NUMBER_LENGTH, parseDecimal } from '#lib/units';

const PLUS = 0x2b;
const DASH = 0x2d;
const MAX_EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Parses decimal numbers from bytes. If `read` returns true, `value` is the number. */
export class NumberReader {
  value = NaN;
  private readonly decimalByte: number;

  /**
   * @param decimal one ASCII character
   * @param thousands separator of groups of digits; undefined: none
   */
  constructor(
    private readonly decimal = '.',
    private readonly thousands?: string,
  ) {
    this.decimalByte = decimal.charCodeAt(0);
  }

  /** Parses the number in `bytes[start, end)`, which must be trimmed. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const sign = bytes[start];
    let at = sign === DASH || sign === PLUS ? start + 1 : start;
    // Up to 15 digits and the power of ten are exact doubles, so their quotient is rounded correctly.
    if (end - at > MAX_EXACT_DIGITS + 1 || at === end) return this.readText(bytes, start, end);
    let digits = 0;
    let decimals = -1;
    let count = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      const digit = byte - 48;
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        count++;
        if (decimals >= 0) decimals++;
      } else if (byte === this.decimalByte && decimals < 0) {
        decimals = 0;
      } else {
        return this.readText(bytes, start, end);
      }
    }
    if (count === 0 || count > MAX_EXACT_DIGITS) return this.readText(bytes, start, end);
    const size = decimals > 0 ? digits / POWERS_OF_TEN[decimals]! : digits;
    this.value = sign === DASH && size !== 0 ? -size : size;
    return true;
  }

  /** Parses numbers with exponents, thousands separators or more than 15 digits. */
  private readText(bytes: Buffer, start: number, end: number): boolean {
    // A character has at least one byte.
    if (end - start > MAX_NUMBER_LENGTH) return false;
    let text = bytes.toString('utf8', start, end);
    if (this.thousands && text.includes(this.thousands)) {
      const [whole = ''] = text.split(this.decimal, 1);
      if (!areValidGroups(whole.split(this.thousands))) return false;
      text = text.replaceAll(this.thousands, '');
    }
    if (this.decimal !== '.') {
      if (text.includes('.')) return false;
      text = text.replace(this.decimal, '.');
    }
    const value = parseDecimal(text);
    if (value === undefined) return false;
    this.value = value + 0;
    return true;
  }
}

/** Whether the groups of digits are valid. Indian numbers have groups of two; the last group always has three digits. */
function areValidGroups([first = '', ...others]: string[]): boolean {
  return (
    /^[+-]?\d{1,3}$/.test(first) &&
    others.every((group) => /^\d{2,3}$/.test(group)) &&
    others.at(-1)?.length === 3
  );
}
