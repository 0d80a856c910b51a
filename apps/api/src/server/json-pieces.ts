import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { TimeSlice } from '#lib/beliefs';

/** The text of JSON in pieces, for answers that would hold the server up if they were made in one go. */
export class JsonPieces {
  /** @param pieces makes the text, each time anew */
  constructor(readonly pieces: () => Iterable<string>) {}

  /** An answer that is made while it is sent. */
  toAnswer(): StreamableFile {
    return new StreamableFile(Readable.from(inSlices(this.pieces())), {
      type: 'application/json; charset=utf-8',
    });
  }
}

/** Pieces between which the process does other things. */
export async function* inSlices(pieces: Iterable<string>): AsyncGenerator<string> {
  const slice = new TimeSlice();
  for (const piece of pieces) {
    yield piece;
    await slice.restIfOver();
  }
}
