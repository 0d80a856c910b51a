import type { FileHandle } from 'node:fs/promises';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const WINDOW_BYTES = 1 << 20;
/** Maximum length of a line. */
export const MAX_LINE_BYTES = 1 << 20;

/** The part of a file that is in memory. It moves forward through the file. */
export class ByteWindow {
  /** The file's bytes are `bytes[start, end)`. */
  bytes: Buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  start = 0;
  end = 0;
  /** Whether the file ends at `end`. */
  isLast = false;
  /** How many bytes of the file have been read. */
  bytesRead = 0;
  private endsLinesByReturns = false;

  constructor(private readonly handle: FileHandle) {}

  /**
   * Reads more bytes. The bytes from `start` are kept and moved to the front.
   *
   * @returns false if the bytes to keep are longer than a line can be
   */
  async readMore(): Promise<boolean> {
    const kept = this.end - this.start;
    let target = this.bytes;
    if (kept * 2 > target.length) {
      if (kept > MAX_LINE_BYTES) return false;
      target = Buffer.allocUnsafe(target.length * 2);
    }
    this.bytes.copy(target, 0, this.start, this.end);
    this.bytes = target;
    this.start = 0;
    const { bytesRead } = await this.handle.read(target, kept, target.length - kept, null);
    this.end = kept + bytesRead;
    if (this.endsLinesByReturns) this.replaceReturns(kept);
    this.isLast = bytesRead === 0;
    this.bytesRead += bytesRead;
    return true;
  }

  /** Reads until the kind of line end is known. Carriage returns alone (old Macs) are replaced by line feeds. */
  async detectLineEnds(): Promise<void> {
    // A carriage return at the end of the window is not sufficient: the next byte is unknown.
    while (this.find(LINE_FEED) < 0 && !this.isWithin(this.find(CARRIAGE_RETURN)) && !this.isLast) {
      if (!(await this.readMore())) return;
    }
    if (this.find(LINE_FEED) >= 0) return;
    this.endsLinesByReturns = true;
    this.replaceReturns(this.start);
  }

  private find(byte: number): number {
    return this.bytes.subarray(this.start, this.end).indexOf(byte);
  }

  private isWithin(index: number): boolean {
    return index >= 0 && this.start + index < this.end - 1;
  }

  private replaceReturns(from: number): void {
    for (let at = from; at < this.end; at++) {
      if (this.bytes[at] === CARRIAGE_RETURN) this.bytes[at] = LINE_FEED;
    }
  }
}
