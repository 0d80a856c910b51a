/** Longest text of a number, with a comma. */
const MAX_LENGTH = 26;
/** Numbers with at most six decimals are written digit by digit. */
const DECIMALS = 6;
const SCALE = 10 ** DECIMALS;
/** Larger integers may have digits that a double does not have, or an exponent. */
const MAX_DIGITS = 15;
const MAX_INTEGER = 10 ** MAX_DIGITS;
/** Nine digits are the most that fit into a 32-bit integer, with which processors divide fast. */
const [THREE_DIGITS, SIX_DIGITS, NINE_DIGITS] = [1e3, 1e6, 1e9];

const [COMMA, MINUS, POINT, ZERO] = [',', '-', '.', '0'].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];

/** The digits of 000 to 999. */
const DIGITS = Uint8Array.from({ length: 3 * THREE_DIGITS }, (_, i) => {
  const power = 10 ** (2 - (i % 3));
  return ZERO + (Math.floor(Math.floor(i / 3) / power) % 10);
});

/**
 * Writes numbers as JSON, with the same text as JSON.stringify; NaN and infinite values are null. It takes a fraction of the
 * time and no object per number (docs/decisions.md).
 */
export class NumbersText {
  private readonly bytes: Uint8Array;
  private length = 0;

  /** @param maxCount largest number of values that are written at once */
  constructor(maxCount: number) {
    this.bytes = new Uint8Array(maxCount * MAX_LENGTH);
  }

  /** The text of the values, separated by commas, in UTF-8. */
  write(values: Float64Array): Uint8Array {
    this.length = 0;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.bytes[this.length++] = COMMA;
      this.add(values[i]!);
    }
    return this.bytes.slice(0, this.length);
  }

  private add(value: number): void {
    const size = Math.abs(value);
    const integer = Math.floor(size);
    if (!(integer < MAX_INTEGER)) {
      this.addText(Number.isFinite(value) ? String(value) : 'null');
      return;
    }
    // A double has only one decimal with 15 digits or less.
    const scaled = integer === size ? 0 : Math.round(size * SCALE);
    if (integer !== size && (scaled / SCALE !== size || scaled >= MAX_INTEGER)) {
      this.addText(String(value));
      return;
    }
    if (value < 0) this.bytes[this.length++] = MINUS;
    this.addInteger(integer);
    if (integer !== size) this.addDecimals(scaled - integer * SCALE);
  }

  private addInteger(integer: number): void {
    if (integer < NINE_DIGITS) {
      this.addFirstDigits(integer | 0);
      return;
    }
    const first = Math.floor(integer / NINE_DIGITS);
    this.addFirstDigits(first);
    const rest = (integer - first * NINE_DIGITS) | 0;
    const millions = (rest / SIX_DIGITS) | 0;
    this.addThree(millions);
    this.addSix(rest - millions * SIX_DIGITS);
  }

  /** Up to nine digits, without zeros before them. */
  private addFirstDigits(integer: number): void {
    let count = 1;
    for (let limit = 10; integer >= limit; limit *= 10) count++;
    const { bytes } = this;
    let rest = integer;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.length += count;
  }

  private addDecimals(decimals: number): void {
    this.bytes[this.length++] = POINT;
    this.addSix(decimals | 0);
    while (this.bytes[this.length - 1] === ZERO) this.length--;
  }

  private addSix(digits: number): void {
    const thousands = (digits / THREE_DIGITS) | 0;
    this.addThree(thousands);
    this.addThree(digits - thousands * THREE_DIGITS);
  }

  private addThree(digits: number): void {
    const { bytes, length } = this;
    bytes[length] = DIGITS[3 * digits]!;
    bytes[length + 1] = DIGITS[3 * digits + 1]!;
    bytes[length + 2] = DIGITS[3 * digits + 2]!;
    this.length = length + 3;
  }

  private addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }
}
