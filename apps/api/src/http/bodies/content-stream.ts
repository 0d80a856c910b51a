import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, type Zlib } from 'node:zlib';
import type { Request } from 'express';
import { rejected } from '../errors/api-error';

type Decompressor = Zlib & Readable & NodeJS.WritableStream;

const DECOMPRESSORS: Record<string, () => Decompressor> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Up to this size any ratio is accepted: a year of zeros is compressed by a factor of 600. */
const RATIO_CHECKED_FROM_BYTES = 4_000_000;
/** Maximum factor for larger bodies; real measurements are compressed by a factor of five at most. */
const MAX_RATIO = 100;

/** The body of a request, decompressed as it arrives. */
export interface Content {
  stream: Readable;
  /** Whether the decompressed bytes are too many for the compressed bytes received so far. */
  exceedsRatio: (bytes: number) => boolean;
  /** Stops decompression. */
  stop: () => void;
}

/** Opens the decompressed body of a request. @throws ApiError 415 for an unknown content encoding */
export function contentOf(request: Request): Content {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return { stream: request, exceedsRatio: () => false, stop: () => undefined };
  if (!Object.hasOwn(DECOMPRESSORS, encoding)) {
    const known = Object.keys(DECOMPRESSORS).join(', ');
    throw rejected(
      415,
      'INVALID_REQUEST',
      `Unknown Content-Encoding. Use ${known}, or send the body uncompressed.`,
    );
  }
  const decompressor = DECOMPRESSORS[encoding]!();
  request.pipe(decompressor);
  return {
    stream: decompressor,
    exceedsRatio: (bytes) =>
      bytes > RATIO_CHECKED_FROM_BYTES && bytes > MAX_RATIO * decompressor.bytesWritten,
    stop: () => {
      request.unpipe(decompressor);
      decompressor.destroy();
    },
  };
}
