const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** The maximum number of columns of a spreadsheet. */
export const MAX_COLUMNS = 16_384;

/** A row has too many cells. */
export class TooManyColumnsError extends Error {
  constructor() {
    super(`the line has more than ${MAX_COLUMNS.toLocaleString('en')} columns`);
  }
}

/** The cells of one row as ranges of bytes: cell i is `bytes[starts[i], ends[i])`. The object is reused for all rows. */
export class Fields {
  bytes: Buffer = Buffer.alloc(256);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  count = 0;

  /** Adds the cell `bytes[start, end)`. @throws TooManyColumnsError */
  add(start: number, end: number): void {
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  /** Sets the cells of the row, encoded as UTF-8. */
  setTexts(texts: readonly string[]): void {
    let size = 0;
    for (const text of texts) size += text.length * 3;
    if (this.bytes.length < size) this.bytes = Buffer.allocUnsafe(size * 2);
    this.count = 0;
    let at = 0;
    for (const text of texts) {
      const end = at + this.bytes.write(text, at);
      this.add(at, end);
      at = end;
    }
  }

  /** Trims a cell; false if it is empty. */
  trim(cell: number): boolean {
    let start = this.starts[cell]!;
    let end = this.ends[cell]!;
    while (start < end && isBlank(this.bytes[start]!)) start++;
    while (start < end && isBlank(this.bytes[end - 1]!)) end--;
    this.starts[cell] = start;
    this.ends[cell] = end;
    return start < end;
  }

  /** The trimmed text of a cell; empty if the row is too short. */
  text(cell: number): string {
    if (cell >= this.count || !this.trim(cell)) return '';
    return this.bytes.toString('utf8', this.starts[cell], this.ends[cell]);
  }

  /** All cells as text. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, cell) => this.text(cell));
  }

  private grow(): void {
    if (this.count === MAX_COLUMNS) throw new TooManyColumnsError();
    const [starts, ends] = [this.starts, this.ends];
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(ends.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}
