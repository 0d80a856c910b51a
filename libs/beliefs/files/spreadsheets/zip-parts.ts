import { inflateRawSync } from 'node:zlib';
import { fromBufferPromise, type Entry } from 'yauzl';

/** Maximum number of parts. Spreadsheets have about ten parts, and a few per sheet and picture. */
const MAX_PARTS = 10_000;

/** Maximum compression ratio of large parts. The text of spreadsheets has a ratio of 10 to 30. */
const MAX_RATIO = 300;
const MIN_SIZE_FOR_RATIO = 4_000_000;

const DEFLATED = 8;

interface Part {
  packed: Buffer;
  /** The declared size. A part that unpacks to more is rejected. */
  size: number;
  isDeflated: boolean;
}

/** A zip archive is too large to unpack. */
export class TooLargeError extends Error {}

/** The parts of a zip archive. They are unpacked on demand, up to a common size limit. */
export class ZipParts {
  /** The first error of reading a part, because the library ignores such errors. */
  failure: Error | undefined;

  private constructor(
    private readonly parts: ReadonlyMap<string, Part>,
    private bytesLeft: number,
  ) {}

  /**
   * Reads the directory of an archive without unpacking parts.
   *
   * @param maxBytes maximum total size of the unpacked parts
   * @throws TooLargeError for too many parts; Error if the archive is damaged
   */
  static async open(zip: Buffer, maxBytes: number): Promise<ZipParts> {
    const archive = await fromBufferPromise(zip);
    if (archive.entryCount > MAX_PARTS) throw new TooLargeError('the archive has too many parts');
    const parts = new Map<string, Part>();
    for await (const entry of archive.eachEntry()) {
      // Of parts with the same name, the first is used.
      if (parts.has(entry.fileName) || !isReadable(entry)) continue;
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      parts.set(entry.fileName, {
        packed: zip.subarray(fileDataStart, fileDataStart + entry.compressedSize),
        size: entry.uncompressedSize,
        isDeflated: entry.compressionMethod === DEFLATED,
      });
    }
    return new ZipParts(parts, maxBytes);
  }

  get names(): string[] {
    return [...this.parts.keys()];
  }

  /**
   * The content of a part; undefined if there is no part with this name.
   *
   * @throws TooLargeError if the total size exceeds the limit; Error if the part is damaged
   */
  read(name: string): Buffer | undefined {
    try {
      return this.unpack(name);
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }

  private unpack(name: string): Buffer | undefined {
    const part = this.parts.get(name);
    if (!part) return undefined;
    const { packed, size, isDeflated } = part;
    const isHollow = size > MIN_SIZE_FOR_RATIO && size > packed.length * MAX_RATIO;
    if (size > this.bytesLeft || isHollow) throw new TooLargeError(`the part ${name} is too large`);
    this.bytesLeft -= size;
    return isDeflated ? inflate(packed, size) : packed;
  }
}

/** @throws TooLargeError if a part is larger than declared; the error of zlib if it is damaged */
function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? new TooLargeError('a part holds more than the archive declares') : error;
  }
}

/** Folders, encrypted parts and parts with unusual compression methods cannot be read. */
const isReadable = (entry: Entry): boolean =>
  !entry.fileName.endsWith('/') && !entry.isEncrypted() && [0, DEFLATED].includes(entry.compressionMethod);
