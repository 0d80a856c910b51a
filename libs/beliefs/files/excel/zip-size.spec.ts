import { deflateRawSync } from 'node:zlib';
import { utils, write } from '@e965/xlsx';
import { unpacksToAtMost } from './zip-size';

/** An archive with one part, which declares `declared` bytes, named by the directory `times` times. */
function archive(part: Buffer, { declared = part.length, times = 1 } = {}): Buffer {
  const packed = deflateRawSync(part);
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(declared, 22);
  const entry = Buffer.alloc(46);
  entry.write('PK\x01\x02', 'latin1');
  entry.writeUInt32LE(declared, 24);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(times, 8);
  end.writeUInt32LE(header.length + packed.length, 16);
  return Buffer.concat([header, packed, ...Array<Buffer>(times).fill(entry), end]);
}

const MEGABYTE = Buffer.alloc(1_000_000);

describe('unpacksToAtMost', () => {
  it('counts what is packed', () => {
    expect(unpacksToAtMost(archive(MEGABYTE), 1_000_000)).toBe(true);
    expect(unpacksToAtMost(archive(MEGABYTE), 999_999)).toBe(false);
  });

  it('believes no archive that declares too little, and none that declares too much', () => {
    expect(unpacksToAtMost(archive(MEGABYTE, { declared: 0 }), 999_999)).toBe(false);
    expect(unpacksToAtMost(archive(Buffer.alloc(10), { declared: 4_000_000_000 }), 1_000_000)).toBe(false);
  });

  it('counts a part as often as the directory names it', () => {
    expect(unpacksToAtMost(archive(MEGABYTE, { times: 3 }), 3_000_000)).toBe(true);
    expect(unpacksToAtMost(archive(MEGABYTE, { times: 3 }), 2_999_999)).toBe(false);
  });

  it('takes spreadsheets', () => {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet([['a', 1]]));
    for (const compression of [true, false]) {
      const bytes = write(book, { type: 'buffer', bookType: 'xlsx', compression }) as Buffer;
      expect(unpacksToAtMost(bytes, 100_000)).toBe(true);
      expect(unpacksToAtMost(bytes, 1000)).toBe(false);
    }
  });

  it('says when there is no archive', () => {
    expect(() => unpacksToAtMost(Buffer.from('PK\x03\x04'), 1000)).toThrow(RangeError);
    expect(() => unpacksToAtMost(archive(MEGABYTE).subarray(40), 1_000_000)).toThrow();
  });
});
