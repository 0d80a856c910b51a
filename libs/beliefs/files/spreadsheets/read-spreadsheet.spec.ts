import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils, write, type BookType, type CellObject } from '@e965/xlsx';
import { parseInstant } from '#lib/time';
import { readBeliefFile, type BeliefFileOptions } from '../index';
import { readSpreadsheet } from './read-spreadsheet';

const folder = mkdtempSync(join(tmpdir(), 'excel-files-'));
beforeAll(() => {
  // The library logs errors about date formats when it writes .ods files, which does not matter here.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** 2024-01-01 as a day number of Excel. */
const NEW_YEAR = 45_292;
const day = (days: number, format = 'yyyy-mm-dd hh:mm'): CellObject => ({ t: 'n', v: days, z: format });

async function read(sheets: unknown[][][], options: BeliefFileOptions = {}, type: BookType = 'xlsx') {
  const book = utils.book_new();
  for (const rows of sheets) utils.book_append_sheet(book, utils.aoa_to_sheet(rows));
  const path = join(folder, `prices.${type === 'biff8' ? 'xls' : type}`);
  writeFileSync(path, write(book, { type: 'buffer', bookType: type }) as Buffer);
  const file = readBeliefFile(path, { timezone: 'Europe/Amsterdam', ...options }, readSpreadsheet);
  const rows: [number, number, number][] = [];
  for await (const { eventStarts, values, lines } of file) {
    for (const [i, value] of values.entries()) rows.push([eventStarts[i]!, value, lines[i]!]);
  }
  return { rows, summary: file.summary };
}

describe('readSpreadsheet', () => {
  it.each(['xlsx', 'biff8', 'ods'] as const)('rejects an empty sheet of %s', async (type) => {
    await expect(read([[], [['when', 'what']]], {}, type)).rejects.toThrow(/: the file has no rows$/);
    expect((await read([[], [['when', 'what']]], { sheetNumber: 1 }, type)).rows).toEqual([]);
    const beyond = { sheetNumber: 1, skiprows: 2 };
    await expect(read([[], [['when', 'what']]], beyond, type)).rejects.toThrow('no rows after the 2 to skip');
  });

  it.each(['xlsx', 'biff8', 'ods'] as const)('reads dates and numbers of %s', async (type) => {
    const prices = [
      ['Hour', 'Price'],
      [day(NEW_YEAR), 10],
      [day(NEW_YEAR + 1 / 24), 10.5],
      [],
      [day(NEW_YEAR + 2 / 24), null],
    ];
    const { rows, summary } = await read([prices], { decimal: ',' }, type);
    expect(rows).toEqual([
      [parseInstant('2024-01-01T00:00+01:00'), 10, 2],
      [parseInstant('2024-01-01T01:00+01:00'), 10.5, 3],
    ]);
    expect(summary).toMatchObject({ columns: ['Hour', 'Price'], rowsRead: 3, rowsWithoutValue: 1 });
  });

  it('reads all 15-minute steps of a year exactly, and texts', async () => {
    const rows = Array.from({ length: 35_040 }, (_, i) => [day(NEW_YEAR + i / 96), i]);
    const read1 = await read([rows], { timezone: 'UTC' });
    expect(
      read1.rows.filter(([start], i) => start !== parseInstant('2024-01-01T00:00Z') + i * 900_000),
    ).toEqual([]);
    const texts = await read([
      [
        ['2024-01-01T00:00Z', '1.5'],
        ['2024-01-01T01:00Z', 'n/a'],
      ],
    ]);
    expect(texts.rows).toEqual([[parseInstant('2024-01-01T00:00Z'), 1.5, 1]]);
  });

  it('respects the options for sheet, skipped rows and columns', async () => {
    const second = [['Report'], ['Load', 'When'], [3, day(NEW_YEAR)], [4, day(NEW_YEAR + 1)]];
    const options = { sheetNumber: 1, skiprows: 2, datecol: 'When', valuecol: 'Load', nrows: 1 };
    expect((await read([[['no']], second], options)).rows).toEqual([
      [parseInstant('2024-01-01T00:00+01:00'), 3, 3],
    ]);
  });

  it('reads times as timedeltas', async () => {
    const rows = [
      [day(NEW_YEAR), day(1.25, '[h]:mm:ss')],
      [day(NEW_YEAR + 1), day(1 / 24, 'h:mm')],
    ];
    const { rows: found } = await read([rows], { valueKind: 'timedelta' });
    expect(found.map(([, value]) => value)).toEqual([108_000, 3600]);
  });

  it('reports the place and the reason of errors', async () => {
    await expect(read([[[day(NEW_YEAR), 'abc']]])).rejects.toThrow(
      "prices.xlsx, line 1, column 2: 'abc' is not a number",
    );
    await expect(read([[[45_292, 1]]])).rejects.toThrow(
      "prices.xlsx, line 1, column 1: '45292' is not a datetime",
    );
    await expect(read([[[1]]], { sheetNumber: 3 })).rejects.toThrow(
      'there is no sheet 3 (the first one is 0)',
    );
    const path = join(folder, 'broken.xlsx');
    writeFileSync(path, Buffer.from('PK\u0003\u0004 not really'));
    await expect(readBeliefFile(path, {}, readSpreadsheet)[Symbol.asyncIterator]().next()).rejects.toThrow(
      'the spreadsheet cannot be read',
    );
  });
});
