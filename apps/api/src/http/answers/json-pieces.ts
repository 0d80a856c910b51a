import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { TimeSlice } from '#lib/concurrency';

/** Longer texts are made once more while they are sent, instead of being kept. */
const MAX_KEPT_LENGTH = 2_000_000;

/** Length of the hash in entity tags. */
const HASH_LENGTH = 27;

/** JSON text in pieces, for answers that would hold up the server if they were made in one go. */
export class JsonPieces {
  /** @param pieces makes the text: the same each time it is called */
  constructor(readonly pieces: () => Iterable<string>) {}

  /** Makes the text once, in time slices, to tag it. The content of a long text is made again while it is sent. */
  async tagged(): Promise<TaggedContent> {
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
    const hash = sha1.digest('base64').slice(0, HASH_LENGTH);
    const content = length <= MAX_KEPT_LENGTH ? kept.join('') : this.toStream(bytes);
    return { tag: `W/"${bytes.toString(16)}-${hash}"`, content };
  }

  private toStream(bytes: number): StreamableFile {
    const stream = Readable.from(inSlices(this.pieces()), { highWaterMark: 1 });
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

/** The pieces, with pauses in which the process serves other requests. */
async function* inSlices(pieces: Iterable<string>): AsyncGenerator<string> {
  const slice = new TimeSlice();
  for (const piece of pieces) {
    yield piece;
    await slice.pauseIfOver();
  }
}
