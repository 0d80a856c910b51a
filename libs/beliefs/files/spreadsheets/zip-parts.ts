import { inflateRawSync } from 'node:zlib';
import { fromBufferPromise, type Entry } from 'yauzl';

/** Spreadsheets have some ten parts, and a few for each sheet and each picture. */
const MAX_PARTS = 10_000;

/** Text of spreadsheets packs to a tenth or a thirtieth; a large part that packs better than this holds hardly anything. */
const MAX_RATIO = 300;
const MIN_SIZE_FOR_RATIO = 4_000_000;

const DEFLATED = 8;

interface Part {
  packed: Buffer;
  /** What the directory declares; a part that unpacks to more is refused. */
  size: number;
  isDeflated: boolean;
}

/** A zip archive holds more than may be unpacked. */
export class TooLargeError extends Error {}

/** The parts of a zip archive, unpacked one by one when they are asked for, up to a limit for all of them together. */
export class ZipParts {
  /** Why a part could not be read, for callers whose library keeps that to itself; the first one. */
  failure: Error | undefined;

  private constructor(
    private readonly parts: ReadonlyMap<string, Part>,
    private bytesLeft: number,
  ) {}

  /**
   * Reads the directory of an archive, and unpacks nothing.
   *
   * @param maxBytes what the parts that are read may take unpacked, together
   * @throws TooLargeError for too many parts; Error when the archive is damaged
   */
  static async open(zip: Buffer, maxBytes: number): Promise<ZipParts> {
    const archive = await fromBufferPromise(zip);
    if (archive.entryCount > MAX_PARTS) throw new TooLargeError('the archive has too many parts');
    const parts = new Map<string, Part>();
    for await (const entry of archive.eachEntry()) {
      // Where a name comes twice, the first part has it.
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
   * The content of a part; undefined when there is none of that name.
   *
   * @throws TooLargeError when the parts read so far and this one are larger than allowed; Error when it is damaged
   */
  read(name: string): Buffer | undefined {
    try {
      return this.unpacked(name);
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }

  private unpacked(name: string): Buffer | undefined {
    const part = this.parts.get(name);
    if (!part) return undefined;
    const { packed, size, isDeflated } = part;
    const isHollow = size > MIN_SIZE_FOR_RATIO && size > packed.length * MAX_RATIO;
    if (size > this.bytesLeft || isHollow) throw new TooLargeError(`the part ${name} is too large`);
    this.bytesLeft -= size;
    return isDeflated ? inflated(packed, size) : packed;
  }
}

/** @throws TooLargeError when a part holds more than is declared; the error of zlib when it is damaged */
function inflated(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? new TooLargeError('a part holds more than the archive declares') : error;
  }
}

/** Folders and parts that are encrypted or packed in an unusual way hold no cells that could be read. */
const isReadable = (entry: Entry): boolean =>
  !entry.fileName.endsWith('/') && !entry.isEncrypted() && [0, DEFLATED].includes(entry.compressionMethod);
