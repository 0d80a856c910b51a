import type { Fields } from '../cells/fields';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** Result of scanning a line. */
export type ScanResult =
  /** `fields` contains the cells of the line. */
  | 'line'
  /** The line is not complete in the bytes. */
  | 'incomplete'
  /** The line needs the full CSV grammar: doubled quotes, line ends inside quotes, quotes inside a cell. */
  | 'complex';

/** Splits CSV lines into cells without allocations. */
export class CsvScanner {
  /** Start of the next line. */
  next = 0;
  private nextQuote = -1;

  /** @param delimiter an ASCII character code */
  constructor(private readonly delimiter: number) {}

  /** Call this after `fields.bytes` has new content. */
  reset(): void {
    this.nextQuote = -1;
  }

  /**
   * Splits the line at `start` in `fields.bytes[0, end)`.
   *
   * @param isLast whether the file ends at `end`; then the line needs no line end
   */
  scan(fields: Fields, start: number, end: number, isLast: boolean): ScanResult {
    const hasLineEnd = this.splitPlain(fields, start, end);
    if (!hasLineEnd && !isLast) return 'incomplete';
    if (this.nextQuote < start) {
      const found = fields.bytes.indexOf(QUOTE, start);
      this.nextQuote = found < 0 ? Infinity : found;
    }
    if (this.nextQuote >= this.next) return 'line';
    return this.splitQuoted(fields, start, hasLineEnd ? this.next - 1 : end) ? 'line' : 'complex';
  }

  /** Splits at every delimiter; false if no line end was found. */
  private splitPlain(fields: Fields, start: number, end: number): boolean {
    const { bytes } = fields;
    const { delimiter } = this;
    fields.count = 0;
    let cell = start;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === delimiter) {
        fields.add(cell, at);
        cell = at + 1;
      } else if (byte === LINE_FEED) {
        fields.add(cell, at);
        this.next = at + 1;
        return true;
      }
    }
    fields.add(cell, end);
    this.next = end;
    return false;
  }

  /** Splits `[start, end)` at the delimiters outside quotes; false if quotes do more than enclose cells. */
  private splitQuoted(fields: Fields, start: number, end: number): boolean {
    const { bytes } = fields;
    fields.count = 0;
    let at = start;
    for (;;) {
      at = this.skipBlanks(bytes, at, end);
      const isQuoted = at < end && bytes[at] === QUOTE;
      const cell = isQuoted ? at + 1 : at;
      const cellEnd = this.findCellEnd(bytes, cell, end, isQuoted);
      if (cellEnd < 0) return false;
      fields.add(cell, cellEnd);
      at = isQuoted ? this.skipBlanks(bytes, cellEnd + 1, end) : cellEnd;
      if (at === end) return true;
      if (bytes[at] !== this.delimiter) return false;
      at++;
    }
  }

  /** The end of the cell at `start`: its closing quote or its delimiter; -1 if it needs the full grammar. */
  private findCellEnd(bytes: Buffer, start: number, end: number, isQuoted: boolean): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) return isQuoted ? at : -1;
      if (!isQuoted && byte === this.delimiter) return at;
    }
    return isQuoted ? -1 : end;
  }

  private skipBlanks(bytes: Buffer, start: number, end: number): number {
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      const isBlank = byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
      if (!isBlank || byte === this.delimiter) break;
    }
    return at;
  }
}
