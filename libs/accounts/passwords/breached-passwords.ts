import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** A line has 40 hexadecimal digits, a colon and a count: at most 52 bytes, with the end of the line 54. */
const MAX_LINE_BYTES = 64;

/** Two lines: the end of one that is cut, and the next one. */
const CHUNK_BYTES = 2 * MAX_LINE_BYTES;

const LINE = /^([\dA-F]{40}):\d+\r?$/i;

/** A line of the file and the position behind it. */
interface Line {
  hash: string;
  endsAt: number;
}

/**
 * Whether a password is in a list of breached passwords in the format of Have I Been Pwned: lines `<SHA-1>:<count>`, sorted by
 * hash. The list has billions of lines: a binary search reads about 40 of them, 128 bytes each time.
 * @throws Error if the file cannot be read or has another format
 */
export async function isBreached(password: string, path: string): Promise<boolean> {
  const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
  const file = await open(path, 'r');
  try {
    let from = 0;
    let until = (await file.stat()).size;
    while (from < until) {
      const middle = Math.floor((from + until) / 2);
      const line = await readLine(file, middle, from, until);
      if (line?.hash === wanted) return true;
      if (line && line.hash < wanted) from = line.endsAt;
      else until = middle;
    }
    return false;
  } finally {
    await file.close();
  }
}

/**
 * The first line that starts at or after a position.
 * @param from a position at which a line starts
 * @param until end of the search
 * @returns undefined if no line starts there
 */
async function readLine(
  file: FileHandle,
  position: number,
  from: number,
  until: number,
): Promise<Line | undefined> {
  // If the byte before ends a line, one starts at the position itself.
  const readFrom = Math.max(position - 1, from);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, readFrom);
  const text = buffer.toString('latin1', 0, bytesRead);
  const offset = position === from ? 0 : text.indexOf('\n') + 1;
  if (offset === 0 && position !== from && bytesRead === CHUNK_BYTES) throw notSorted(readFrom);
  const start = readFrom + offset;
  if ((offset === 0 && position !== from) || start >= until) return undefined;
  const end = text.indexOf('\n', offset);
  const [, hash] = LINE.exec(text.slice(offset, end === -1 ? undefined : end)) ?? [];
  if (hash === undefined) throw notSorted(start);
  return { hash: hash.toUpperCase(), endsAt: end === -1 ? until : readFrom + end + 1 };
}

const notSorted = (position: number): Error =>
  new Error(`The list of breached passwords has no line "<SHA-1>:<count>" at byte ${position}.`);
