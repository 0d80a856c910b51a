import { MAX_NUMBER_LENGTH, parseDecimal } from '#lib/units';

const PLUS = 0x2b;
const DASH = 0x2d;
const MOST_EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: MOST_EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Reads decimal numbers out of bytes; after `read` returned true, `value` holds the number. */
export class NumberReader {
  value = NaN;
  private readonly decimalByte: number;

  /**
   * @param decimal one ASCII character
   * @param thousands what stands between groups of digits; nothing when undefined
   */
  constructor(
    private readonly decimal = '.',
    private readonly thousands?: string,
  ) {
    this.decimalByte = decimal.charCodeAt(0);
  }

  /** Reads the number in `bytes[start, end)`, which has no white space around it. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const sign = bytes[start];
    let at = sign === DASH || sign === PLUS ? start + 1 : start;
    // Up to 15 digits are exact as a double, and so is the power of ten: their quotient is correctly rounded.
    if (end - at > MOST_EXACT_DIGITS + 1 || at === end) return this.readText(bytes, start, end);
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
    if (count === 0 || count > MOST_EXACT_DIGITS) return this.readText(bytes, start, end);
    const size = decimals > 0 ? digits / POWERS_OF_TEN[decimals]! : digits;
    this.value = sign === DASH && size !== 0 ? -size : size;
    return true;
  }

  /** Exponents, groups of thousands and more digits than fit exactly. */
  private readText(bytes: Buffer, start: number, end: number): boolean {
    // Characters have a byte or more.
    if (end - start > MAX_NUMBER_LENGTH) return false;
    let text = bytes.toString('utf8', start, end);
    if (this.thousands && text.includes(this.thousands)) {
      const [whole = ''] = text.split(this.decimal, 1);
      if (!areGroups(whole.split(this.thousands))) return false;
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

/** Whether separators part digits into groups. Groups of two occur in Indian numbers; the last one always has three. */
function areGroups([first = '', ...others]: string[]): boolean {
  return (
    /^[+-]?\d{1,3}$/.test(first) &&
    others.every((group) => /^\d{2,3}$/.test(group)) &&
    others.at(-1)?.length === 3
  );
}
