import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BeliefFiles, type BeliefFileOptions, type SpreadsheetLimits } from '#lib/beliefs/files';
import { SLOW_ATTACKS } from '../../harness/attacks/spreadsheet-attacks';
import { sheetOfRows, xlsxOf } from '../../harness/attacks/spreadsheets';

const ENTRY = '../../../dist/libs/beliefs/files/spreadsheet-process.js';
const LIMITS: SpreadsheetLimits = { unpackedBytes: 10_000_000, heapMb: 128, timeMs: 60_000 };

describe('BeliefFiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'belief-files-'));
  let files: BeliefFiles;
  beforeEach(() => (files = new BeliefFiles(join(__dirname, ENTRY))));
  afterEach(() => files.onApplicationShutdown());
  afterAll(() => rmSync(folder, { recursive: true }));

  function open(name: string, content: Buffer | string, options: BeliefFileOptions = {}) {
    const path = join(folder, name);
    writeFileSync(path, content);
    return files.open(path, { timezone: 'UTC', spreadsheetLimits: LIMITS, ...options });
  }

  it('reads a spreadsheet in batches, and reports progress, counts and places', async () => {
    const shares: number[] = [];
    const options = { batchSize: 4, onProgress: (share: number) => void shares.push(share) };
    const file = await open('a.xlsx', xlsxOf(sheetOfRows(10)), options);
    const batches: number[][] = [];
    for await (const { values } of file) batches.push([...values]);
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(shares.at(-1)).toBe(1);
    expect(file.summary).toMatchObject({ rowsRead: 10, rowsKept: 10 });
    expect(file.valuePlace(3)).toMatchObject({ line: 3, column: 2 });
  });

  it('names the wrong place of a spreadsheet, or the wrong option', async () => {
    const wrong = xlsxOf(sheetOfRows(2).replace('"B2"><v>1<', '"B2" t="str"><v>x<'));
    await expect(open('a.xlsx', wrong)).rejects.toMatchObject({
      code: 'BELIEF_FILE_INVALID',
      place: { line: 2, column: 2 },
      reason: "'x' is not a number",
    });
    await expect(open('a.xlsx', xlsxOf(sheetOfRows(2)), { timezone: 'Mars' })).rejects.toMatchObject({
      code: 'INVALID_TIMEZONE',
    });
    await expect(files.open(join(folder, 'missing.xlsx'))).rejects.toThrow('there is no such file');
  });

  it('ends a process that takes too long', async () => {
    const spreadsheetLimits = { ...LIMITS, timeMs: 1500 };
    await expect(open('a.xlsx', SLOW_ATTACKS.time.bytes(), { spreadsheetLimits })).rejects.toThrow(
      'a.xlsx: reading the spreadsheet takes more than 1.5 s: send it as CSV',
    );
  });

  it('survives a process that uses too much memory', async () => {
    await expect(open('a.ods', SLOW_ATTACKS.memory.bytes())).rejects.toThrow(
      'a.ods: reading the spreadsheet takes more than 128 MB of memory: send it as CSV',
    );
  });

  it('ends its processes when it is stopped', async () => {
    const reading = open('a.xlsx', SLOW_ATTACKS.time.bytes());
    const stopping = sleep(500).then(() => files.onApplicationShutdown());
    await expect(reading).rejects.toThrow('reading the spreadsheet was stopped');
    await stopping;
    await expect(open('b.xlsx', xlsxOf(sheetOfRows(2)))).rejects.toThrow(
      'reading the spreadsheet was stopped',
    );
  });

  it('opens a CSV file without a process', async () => {
    const file = await open('a.csv', '2024-01-01T00:00Z,1\n');
    for await (const { values } of file) expect([...values]).toEqual([1]);
  });
});
