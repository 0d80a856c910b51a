/** How much JSON may hold, whatever its size in bytes. */
export interface ShapeLimits {
  /** Lists and objects within each other. */
  depth: number;
  /** Items of lists and fields of objects, together. */
  values: number;
  /** Strings, including the names of fields. */
  strings: number;
  /** Lists, objects and fields of objects, together: what costs most to read and to check. */
  parts: number;
}

/** The limit that JSON exceeds. */
export type ShapeExcess = keyof ShapeLimits;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Counts what a text of JSON holds before anybody parses it, in one pass over its bytes, which must be UTF-8. Whether
 * it is JSON at all is not checked.
 */
export class JsonShape {
  private depth = 0;
  private values = 1;
  private strings = 0;
  private parts = 0;
  private isInString = false;
  /** Whether a backslash was the last byte so far. */
  private isEscaped = false;

  constructor(private readonly limits: ShapeLimits) {}

  /** Takes the next bytes. @returns the limit that is exceeded by now, if any */
  add(bytes: Uint8Array): ShapeExcess | undefined {
    let i = 0;
    while (i < bytes.length) {
      i = this.isInString ? this.skipString(bytes, i) : this.countUpToString(bytes, i);
      if (this.depth > this.limits.depth) return 'depth';
    }
    if (this.values > this.limits.values) return 'values';
    if (this.strings > this.limits.strings) return 'strings';
    return this.parts > this.limits.parts ? 'parts' : undefined;
  }

  /** @returns where to go on: behind the string's end, or at the end of the bytes */
  private skipString(bytes: Uint8Array, from: number): number {
    let i = from;
    if (this.isEscaped) {
      this.isEscaped = false;
      i++;
    }
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) {
        this.isInString = false;
        return i + 1;
      }
    }
    // The escaped byte is the first of the next ones.
    this.isEscaped = i > bytes.length;
    return bytes.length;
  }

  /** @returns where to go on: in the next string, where it became too deep, or at the end of the bytes */
  private countUpToString(bytes: Uint8Array, from: number): number {
    let { depth, values, parts } = this;
    let i = from;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === COMMA) values++;
      else if (byte < COLON) {
        if (byte !== QUOTE) continue;
        this.isInString = true;
        this.strings++;
        i++;
        break;
      } else if (byte === COLON) parts++;
      else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
        parts++;
        if (++depth > this.limits.depth) break;
      } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) depth--;
    }
    this.depth = depth;
    this.values = values;
    this.parts = parts;
    return i;
  }
}
