import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { TimeSlice } from '#lib/concurrency';

/** Longer texts are made once more while they are sent, instead of being kept. */
const MAX_KEPT_LENGTH = 1_000_000;

/** JSON text in pieces, for answers that would hold up the server if they were made in one go. */
export class JsonPieces {
  /** @param pieces makes the text: the same each time it is called */
  constructor(readonly pieces: () => Iterable<string>) {}

  /** Makes the text once, in time slices, to find its SHA-1 and its length. */
  async digest(): Promise<JsonDigest> {
    const sha1 = createHash('sha1');
    const kept: string[] = [];
    let length = 0;
    let bytes = 0;
    for await (const piece of inSlices(this.pieces())) {
      sha1.update(piece);
      bytes += Buffer.byteLength(piece);
      length += piece.length;
      if (length <= MAX_KEPT_LENGTH) kept.push(piece);
      else kept.length = 0;
    }
    return { sha1, bytes, text: length <= MAX_KEPT_LENGTH ? kept.join('') : undefined };
  }

  /** An answer that is made while it is sent. @param bytes its length */
  toStream(bytes: number): StreamableFile {
    const stream = Readable.from(inSlices(this.pieces()), { highWaterMark: 1 });
    return new StreamableFile(stream, { type: 'application/json; charset=utf-8', length: bytes });
  }
}

/** What the text of an answer is found to be before it is sent. */
export interface JsonDigest {
  sha1: Hash;
  bytes: number;
  /** The whole text, unless it is long. */
  text: string | undefined;
}

/** The pieces, with pauses in which the process serves other requests. */
async function* inSlices(pieces: Iterable<string>): AsyncGenerator<string> {
  const slice = new TimeSlice();
  for (const piece of pieces) {
    yield piece;
    await slice.pauseIfOver();
  }
}
