import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { TimeSlice } from '#lib/concurrency';

/** Longer texts are made once more while they are sent, instead of being kept. */
const MAX_KEPT_BYTES = 2_000_000;
/** Shorter texts are sent at once, as other answers are. */
const STREAMED_FROM_BYTES = 100_000;

/** Length of the hash in entity tags. */
const HASH_LENGTH = 27;

/** A piece of text, as it is or in UTF-8. */
type Piece = string | Uint8Array;

/** JSON text in pieces, for answers that would hold up the server if they were made in one go. */
export class JsonPieces {
  /** @param pieces makes the text: the same each time it is called */
  constructor(readonly pieces: () => Iterable<Piece>) {}

  /** Makes the text once, in time slices, to tag it. The content of a long text is made again while it is sent. */
  async tagged(): Promise<TaggedContent> {
    const sha1 = createHash('sha1');
    const kept: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of inSlices(this.pieces())) {
      sha1.update(piece);
      bytes += piece.length;
      if (bytes <= MAX_KEPT_BYTES) kept.push(piece);
      else kept.length = 0;
    }
    const hash = sha1.digest('base64').slice(0, HASH_LENGTH);
    return { tag: `W/"${bytes.toString(16)}-${hash}"`, content: this.toContent(bytes, kept) };
  }

  private toContent(bytes: number, kept: readonly Uint8Array[]): string | StreamableFile {
    if (bytes < STREAMED_FROM_BYTES) return Buffer.concat(kept).toString();
    const pieces = bytes <= MAX_KEPT_BYTES ? kept : inSlices(this.pieces());
    const stream = Readable.from(pieces, { highWaterMark: 1 });
    return new StreamableFile(stream, { type: 'application/json; charset=utf-8', length: bytes });
  }
}

/** What is sent, and its entity tag. */
export interface TaggedContent {
  /** Weak, in the form of the library `etag` and of Express. */
  tag: string;
  /** The text, or a stream if it is long. */
  content: string | StreamableFile;
}

const toBytes = (piece: Piece): Uint8Array => (typeof piece === 'string' ? Buffer.from(piece) : piece);

/** The pieces, with pauses in which the process serves other requests. */
async function* inSlices(pieces: Iterable<Piece>): AsyncGenerator<Uint8Array> {
  const slice = new TimeSlice();
  for (const piece of pieces) {
    yield toBytes(piece);
    await slice.pauseIfOver();
  }
}
