/** Limits of the content of a JSON text, independent of its size in bytes. */
export interface ShapeLimits {
  /** Nesting of lists and objects. */
  depth: number;
  /** Items of lists plus fields of objects. */
  values: number;
  /** Strings, including the names of fields. */
  strings: number;
  /** Lists plus objects plus fields of objects: these cost most to parse and to validate. */
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
 * Counts the values, strings and nesting of a JSON text before it is parsed, in one pass over its UTF-8 bytes. Does not
 * check that the text is valid JSON.
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

  /** Counts the next bytes. @returns the first limit that is exceeded, if any */
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

  /** @returns index of the next byte to count: after the string's end, or the end of the bytes */
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
    // The escaped byte is the first byte of the next chunk.
    this.isEscaped = i > bytes.length;
    return bytes.length;
  }

  /** @returns index of the next byte to count: in the next string, where the nesting is too deep, or the end */
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
