import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const DEFLATED = 8;
const IN_ZIP64 = 0xffffffff;

/**
 * Whether a zip archive, as spreadsheets are, holds at most so many bytes unpacked: by what its directory declares, and
 * by unpacking it up to there, since archives may declare less than they hold. Parts that overlap count each time.
 *
 * @throws RangeError or the error of zlib, when the archive is damaged
 */
export function unpacksToAtMost(zip: Buffer, maxBytes: number): boolean {
  const end = zip.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new RangeError('The archive has no directory.');
  let left = maxBytes;
  let entry = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 8); count > 0 && left >= 0; count--) {
    const [name, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(entry + at)) as [
      number,
      number,
      number,
    ];
    const declared = longSize(zip, entry + 46 + name, extra);
    left -= Math.max(declared, partSize(zip, zip.readUInt32LE(entry + 42), left));
    entry += 46 + name + extra + comment;
  }
  return left >= 0;
}

/** Bytes of one part unpacked; more than `enough` when they are too many to count. */
function partSize(zip: Buffer, header: number, enough: number): number {
  const extra = zip.readUInt16LE(header + 28);
  const extraAt = header + 30 + zip.readUInt16LE(header + 26);
  const short = zip.readUInt32LE(header + 22);
  const long = longSize(zip, extraAt, extra);
  const declared = Math.max(long, short === IN_ZIP64 && long > 0 ? 0 : short);
  if (declared > enough || zip.readUInt16LE(header + 8) !== DEFLATED) return declared;
  return Math.max(declared, inflatedSize(zip.subarray(extraAt + extra), enough));
}

function inflatedSize(deflated: Buffer, enough: number): number {
  try {
    return inflateRawSync(deflated, { maxOutputLength: Math.max(1, enough) }).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return enough + 1;
    throw error;
  }
}

/** Size that a header's extra field gives for what needs more than 32 bits; 0 if it gives none. */
function longSize(zip: Buffer, start: number, length: number): number {
  for (let at = start; at + 12 <= start + length; at += 4 + zip.readUInt16LE(at + 2)) {
    if (zip.readUInt16LE(at) === 1) return Number(zip.readBigUInt64LE(at + 4));
  }
  return 0;
}
