/** How much JSON may hold, whatever its size in bytes. */
export interface ShapeLimits {
  /** Lists and objects within each other. */
  depth: number;
  /** Items of lists and fields of objects, together. */
  values: number;
  /** Texts, including the names of fields. */
  texts: number;
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
  private texts = 0;
  private parts = 0;
  private isInText = false;
  /** Whether a backslash was the last byte so far. */
  private isEscaped = false;

  constructor(private readonly limits: ShapeLimits) {}

  /** Takes the next bytes. @returns the limit that is exceeded by now, if any */
  add(bytes: Uint8Array): ShapeExcess | undefined {
    let i = 0;
    while (i < bytes.length) {
      i = this.isInText ? this.skipText(bytes, i) : this.countUpToText(bytes, i);
      if (this.depth > this.limits.depth) return 'depth';
    }
    if (this.values > this.limits.values) return 'values';
    if (this.texts > this.limits.texts) return 'texts';
    return this.parts > this.limits.parts ? 'parts' : undefined;
  }

  /** @returns where to go on: behind the text's end, or at the end of the bytes */
  private skipText(bytes: Uint8Array, from: number): number {
    let i = from;
    if (this.isEscaped) {
      this.isEscaped = false;
      i++;
    }
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) {
        this.isInText = false;
        return i + 1;
      }
    }
    // The escaped byte is the first of the next ones.
    this.isEscaped = i > bytes.length;
    return bytes.length;
  }

  /** @returns where to go on: in the next text, where it became too deep, or at the end of the bytes */
  private countUpToText(bytes: Uint8Array, from: number): number {
    let { depth, values, parts } = this;
    let i = from;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === COMMA) values++;
      else if (byte < COLON) {
        if (byte !== QUOTE) continue;
        this.isInText = true;
        this.texts++;
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
