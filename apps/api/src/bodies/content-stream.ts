import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, type Zlib } from 'node:zlib';
import type { Request } from 'express';
import { rejected } from '../errors/api-error';

type Unpacker = Zlib & Readable & NodeJS.WritableStream;

const UNPACKERS: Record<string, () => Unpacker> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Bodies that grow no larger than this may be packed as tightly as they like, such as a year of zeros. */
const MAX_BYTES_OF_ANY_RATIO = 4_000_000;
/** Others may grow by this factor; measured values grow by five at most. */
const MAX_RATIO = 100;

/** What a request's body holds, unpacked as it arrives. */
export interface Content {
  stream: Readable;
  /** Whether it has grown more than a body may that was not made to do so. */
  isTooDense: (unpackedBytes: number) => boolean;
  /** Stops unpacking. */
  stop: () => void;
}

/** @throws ApiError 415 for an encoding that is not known */
export function contentOf(request: Request): Content {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return { stream: request, isTooDense: () => false, stop: () => undefined };
  if (!Object.hasOwn(UNPACKERS, encoding)) {
    const known = Object.keys(UNPACKERS).join(', ');
    throw rejected(415, 'INVALID_REQUEST', `The content encoding of a body may be ${known}.`);
  }
  const unpacker = UNPACKERS[encoding]!();
  request.pipe(unpacker);
  return {
    stream: unpacker,
    isTooDense: (bytes) => bytes > MAX_BYTES_OF_ANY_RATIO && bytes > MAX_RATIO * unpacker.bytesWritten,
    stop: () => {
      request.unpipe(unpacker);
      unpacker.destroy();
    },
  };
}
