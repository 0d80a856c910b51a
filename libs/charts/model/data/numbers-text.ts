/** Longest text of a number, with a comma. */
const MAX_LENGTH = 26;
/** Numbers with at most six decimals are written digit by digit. */
const DECIMALS = 6;
const SCALE = 10 ** DECIMALS;
/** Larger integers may have digits that a double does not have, or an exponent. */
const MAX_DIGITS = 15;
const MAX_INTEGER = 10 ** MAX_DIGITS;

const [COMMA, MINUS, POINT, ZERO] = [',', '-', '.', '0'].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];

/**
 * Writes numbers as JSON, with the same text as JSON.stringify; NaN and infinite values are null. It takes a third of the
 * time and no object per number (docs/decisions.md).
 */
export class NumbersText {
  private readonly bytes: Uint8Array;
  private readonly decoder = new TextDecoder('latin1');
  private length = 0;

  /** @param maxCount largest number of values that are written at once */
  constructor(maxCount: number) {
    this.bytes = new Uint8Array(maxCount * MAX_LENGTH);
  }

  /** The values, separated by commas. */
  write(values: Float64Array): string {
    this.length = 0;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.bytes[this.length++] = COMMA;
      this.add(values[i]!);
    }
    return this.decoder.decode(this.bytes.subarray(0, this.length));
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
    let count = 1;
    for (let limit = 10; integer >= limit; limit *= 10) count++;
    this.addDigits(integer, count);
  }

  private addDecimals(decimals: number): void {
    this.bytes[this.length++] = POINT;
    let [rest, count] = [decimals, DECIMALS];
    for (; rest % 10 === 0; rest /= 10) count--;
    this.addDigits(rest, count);
  }

  private addDigits(integer: number, count: number): void {
    let rest = integer;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = Math.floor(rest / 10);
      this.bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.length += count;
  }

  private addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }
}
