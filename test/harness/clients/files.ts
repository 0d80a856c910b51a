import { utils, write } from '@e965/xlsx';

/** Powers of two hours, as clients upload them. */
const ROWS = [
  ['event_start', 'event_value'],
  ...Array.from({ length: 8 }, (_, quarter) => [
    new Date(Date.UTC(2024, 0, 1, 0, quarter * 15)).toISOString(),
    10 + quarter / 10,
  ]),
];

/** The content of a file that clients upload, of the kind that its name tells. */
export function fileContent(name: string): Uint8Array<ArrayBuffer> {
  const kind = name.split('.').at(-1);
  if (kind === 'csv') return Uint8Array.from(Buffer.from(ROWS.map((row) => row.join(',')).join('\n')));
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(ROWS));
  const bookType = kind === 'xls' ? 'biff8' : 'xlsx';
  return Uint8Array.from(write(book, { type: 'buffer', bookType }) as Buffer);
}
