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

/** Up to this size the ratio does not matter: a year of zeros is compressed by a factor of 600. */
const MAX_BYTES_OF_ANY_RATIO = 4_000_000;
/** Larger bodies may grow by this factor; measured values grow by five at most. */
const MAX_RATIO = 100;

/** The body of a request, decompressed as it arrives. */
export interface Content {
  stream: Readable;
  /** Whether so many bytes are too many for the compressed bytes that they came from. */
  exceedsRatio: (bytes: number) => boolean;
  /** Stops decompression. */
  stop: () => void;
}

/** @throws ApiError 415 for an encoding that is not known */
export function contentOf(request: Request): Content {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return { stream: request, exceedsRatio: () => false, stop: () => undefined };
  if (!Object.hasOwn(DECOMPRESSORS, encoding)) {
    const known = Object.keys(DECOMPRESSORS).join(', ');
    throw rejected(415, 'INVALID_REQUEST', `The content encoding of a body may be ${known}.`);
  }
  const decompressor = DECOMPRESSORS[encoding]!();
  request.pipe(decompressor);
  return {
    stream: decompressor,
    exceedsRatio: (bytes) => bytes > MAX_BYTES_OF_ANY_RATIO && bytes > MAX_RATIO * decompressor.bytesWritten,
    stop: () => {
      request.unpipe(decompressor);
      decompressor.destroy();
    },
  };
}
