import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'deflate';

const COMPRESS: Record<Encoding, (text: Buffer) => Buffer> = {
  br: (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: gzipSync,
  deflate: deflateSync,
};

/** Just below the default size limit of bodies. */
const BYTES = 9_900_000;

const repeated = (part: string): string => part.repeat(Math.floor(BYTES / part.length));

/** JSON whose parsing takes much time or memory for its size. */
export const EXPENSIVE_JSON = {
  'lists within lists': `${repeated('[').slice(BYTES / 2)}${repeated(']').slice(BYTES / 2)}`,
  'objects within objects': `${'{"a":'.repeat(BYTES / 6)}1${'}'.repeat(BYTES / 6)}`,
  'many lists': `[${repeated('[],')}[]]`,
  'many objects': `[${repeated('{},')}{}]`,
  'many numbers': `[${repeated('1,')}1]`,
  'many texts': `[${repeated('"",')}""]`,
  'many fields of one name': `{${repeated('"a":1,')}"a":1}`,
  'many fields': `{${Array.from({ length: 700_000 }, (_, i) => `"${i}":1`).join(',')}}`,
  'one long text': `["${repeated('x')}"]`,
};

const compressed = new Map<string, Uint8Array<ArrayBuffer>>();

/** The same JSON, compressed to a few bytes. */
export function bomb(what: keyof typeof EXPENSIVE_JSON, encoding: Encoding) {
  const key = `${encoding} ${what}`;
  const body = compressed.get(key) ?? new Uint8Array(COMPRESS[encoding](Buffer.from(EXPENSIVE_JSON[what])));
  compressed.set(key, body);
  return { body, headers: { 'Content-Type': 'application/json', 'Content-Encoding': encoding } };
}
