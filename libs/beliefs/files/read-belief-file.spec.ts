import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseInstant } from '#lib/time';
import { beliefFileWarnings, readBeliefFile, type BeliefFileOptions } from './index';

const folder = mkdtempSync(join(tmpdir(), 'belief-files-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Reads a file with this content. Event starts are returned as hours since 1 January 2024. */
async function read(content: string | Buffer, options: BeliefFileOptions = {}, name = 'prices.csv') {
  const path = join(folder, name);
  writeFileSync(path, content);
  const file = readBeliefFile(path, { timezone: 'UTC', ...options });
  const rows: { hour: number; value: number; beliefHour: number; line: number }[] = [];
  const batches: number[] = [];
  for await (const batch of file) {
    batches.push(batch.values.length);
    for (const [i, value] of batch.values.entries()) {
      rows.push({
        hour: hour(batch.eventStarts[i]!),
        value,
        beliefHour: hour(batch.beliefTimes[i]!),
        line: batch.lines[i]!,
      });
    }
  }
  return {
    rows,
    batches,
    summary: file.summary,
    values: rows.map(({ value }) => value),
    hours: rows.map((row) => row.hour),
  };
}

const hour = (ms: number) => (ms - parseInstant('2024-01-01T00:00Z')) / 3_600_000;
const TWO_ROWS = '2024-01-01T00:00,1\n2024-01-01T01:00,2\n';

describe('readBeliefFile', () => {
  it('reads the prices of the toy tutorial, with a zone in lower case', async () => {
    const content = 'Hour,Price\n2024-01-01T00:00:00,10\n2024-01-01T01:00:00,11\n2024-01-01T02:00:00,10.5';
    const { rows, summary } = await read(content, { timezone: 'utc' });
    expect(rows).toEqual([
      { hour: 0, value: 10, beliefHour: NaN, line: 2 },
      { hour: 1, value: 11, beliefHour: NaN, line: 3 },
      { hour: 2, value: 10.5, beliefHour: NaN, line: 4 },
    ]);
    expect(summary).toMatchObject({ columns: ['Hour', 'Price'], rowsRead: 3, rowsKept: 3 });
    expect(beliefFileWarnings(summary)).toEqual([]);
  });

  it.each([
    ['without header', TWO_ROWS],
    ['with header', `when,what\n${TWO_ROWS}`],
    ['with a byte order mark', `\uFEFFwhen,what\n${TWO_ROWS}`],
    ['with Windows line ends', `when,what\n${TWO_ROWS}`.replaceAll('\n', '\r\n')],
    ['with the line ends of old Macs', `when,what\n${TWO_ROWS}`.replaceAll('\n', '\r')],
    ['with blank lines', `\nwhen,what\n\n${TWO_ROWS}\n \n`],
    ['with blanks around cells', TWO_ROWS.replaceAll(',', ' ,\t').replaceAll('\n', ' \n')],
    ['with quoted cells', TWO_ROWS.replaceAll(/([^,\n]+)/g, '"$1"')],
    ['with further columns', TWO_ROWS.replaceAll('\n', ',x,,"y, z"\n')],
    ['with odd quotes', `when,"what ""exactly"""\n${TWO_ROWS}`],
    ['with a cell over two lines', `when,"what\nexactly"\n${TWO_ROWS}`],
    ['without a last line end', TWO_ROWS.trimEnd()],
  ])('reads a file %s', async (_name, content) => {
    const { values, hours } = await read(content);
    expect(values).toEqual([1, 2]);
    expect(hours).toEqual([0, 1]);
  });

  it.each(['time,2023', 'time,', ',load', '"1. Zeit",load'])('recognises %s as a header', async (header) => {
    expect((await read(`${header}\n${TWO_ROWS}`)).values).toEqual([1, 2]);
  });

  it.each([
    ['2024-13-01T00:00Z,abc', "column 2: 'abc' is not a number"],
    ['2024-13-01T00:00Z,5', "column 1: '2024-13-01T00:00Z' is not a date and time that exists"],
    ['01.01.24,abc', "column 2: 'abc' is not a number"],
    ['45292,5', "column 1: '45292' is not a datetime"],
    ['5,2024-01-01', "column 2: '2024-01-01' is not a number"],
    [',5', 'column 1: the datetime is missing'],
    ['NaN,5', "column 1: 'NaN' is not a datetime"],
  ])('does not recognise %s as a header', async (row, message) => {
    await expect(read(`${row}\n${TWO_ROWS}`)).rejects.toThrow(`prices.csv, line 1, ${message}`);
  });

  it('finds columns by the header, by position or by the last skipped line', async () => {
    const content = 'report\nid,when,price,load\nx,2024-01-01T00:00,1,5\nx,2024-01-01T01:00,2,6\n';
    const byName = { datecol: 'when', valuecol: 'load' };
    expect((await read(content, { skiprows: 1, ...byName })).values).toEqual([5, 6]);
    expect((await read(content, { skiprows: 2, ...byName })).values).toEqual([5, 6]);
    expect((await read(content, { skiprows: 2, datecol: 1, valuecol: '2' })).values).toEqual([1, 2]);
    await expect(read(content, { skiprows: 2, datecol: 'when', valuecol: 'wind' })).rejects.toThrow(
      "prices.csv, line 3: there is no column 'wind': the columns are id, when, price, load",
    );
  });

  it('respects the options nrows and batchSize', async () => {
    const content = Array.from({ length: 10 }, (_, i) => `2024-01-01T0${i}:00,${i}`).join('\n');
    expect((await read(content, { batchSize: 4 })).batches).toEqual([4, 4, 2]);
    expect((await read(content, { nrows: 5, batchSize: 5 })).values).toEqual([0, 1, 2, 3, 4]);
    expect((await read(`a,"b ""c"""\n${content}`, { nrows: 5 })).values).toEqual([0, 1, 2, 3, 4]);
    expect((await read(content, { nrows: 0 })).values).toEqual([]);
  });

  it('detects carriage returns as line ends, also after a long first line', async () => {
    const content = `when,what\r${'x'.repeat(1 << 20)},1\r2024-01-01T00:00,"5\r6"\r`;
    await expect(read(content)).rejects.toThrow('line 2, column 1');
    const skipping = { skiprows: 2, naValues: ['5\n6'] };
    expect((await read(`${content}2024-01-01T01:00,7\r`, skipping)).values).toEqual([7]);
  });

  it('rejects a file without rows, but accepts a file with only a header', async () => {
    for (const content of ['', '\n\n', '\uFEFF']) {
      await expect(read(content)).rejects.toThrow('prices.csv: the file has no rows');
    }
    const beyond = 'prices.csv: the file has no rows after the 4 to skip';
    await expect(read(`when,what\n${TWO_ROWS}`, { skiprows: 4 })).rejects.toThrow(beyond);
    expect((await read(`when,what\n${TWO_ROWS}`, { skiprows: 3 })).values).toEqual([]);
    expect((await read('when,what\n')).values).toEqual([]);
  });

  it('reads quoted numbers whose thousands separator is the delimiter', async () => {
    const { values } = await read('2024-01-01T00:00,"1,234.5"\n2024-01-01T01:00,2\n', { thousands: ',' });
    expect(values).toEqual([1234.5, 2]);
  });

  it('reads other separators', async () => {
    const content = '01.02.2024 00:00;1.234,5\n01.02.2024 01:00;-0,5\n';
    const { values, hours } = await read(content, { delimiter: ';', decimal: ',', thousands: '.' });
    expect(values).toEqual([1234.5, -0.5]);
    expect(hours).toEqual([31 * 24, 31 * 24 + 1]);
    expect((await read(TWO_ROWS.replaceAll(',', '\t'), { delimiter: String.raw`\t` })).values).toEqual([
      1, 2,
    ]);
  });

  it('omits rows without a value and counts them', async () => {
    const content =
      '2024-01-01T00:00,\n2024-01-01T01:00,n/a\n2024-01-01T02:00\n2024-01-01T03:00,-999.0\n2024-01-01T04:00,-\n2024-01-01T05:00,3\nTotal,\n';
    const { values, summary } = await read(content, { naValues: ['-999', '-'] });
    expect(values).toEqual([3]);
    expect(beliefFileWarnings(summary)).toEqual([
      '5 rows without a value left out.',
      '1 row with text only (header, comment or text after the table) left out.',
    ]);
    await expect(read(content, { keepDefaultNa: false })).rejects.toThrow(
      'line 1, column 2: the value is missing',
    );
  });

  it('filters rows before it parses them', async () => {
    const content =
      'when,what,kind,zone\n2024-01-01T00:00,1,load,7.0\nrubbish,x,price,7\n2024-01-01T01:00,2,load,8\n';
    const filters = [
      { column: 'kind', value: 'load' },
      { column: 3, value: '7' },
    ];
    const { values, summary } = await read(content, { filters });
    expect(values).toEqual([1]);
    expect(summary).toMatchObject({ rowsRead: 3, rowsFiltered: 2 });
  });

  it.each([
    ['last', [5, 2], 'used in its place'],
    ['mean', [3, 2], 'averaged with it'],
    ['sum', [6, 2], 'added to it'],
  ] as const)('says how a repeated event start was used by the rule %s', async (keep, expected, done) => {
    const content = '2024-01-01T01:00,1\n2024-01-01T02:00,2\n2024-01-01T01:00,5\n';
    const { values, summary } = await read(content, { keep });
    expect(values).toEqual(expected);
    expect(beliefFileWarnings(summary)).toEqual([`1 row repeating an earlier event start ${done}.`]);
  });

  it('keeps the first of repeated event starts per belief time', async () => {
    const content =
      '2024-01-01T01:00,1\n2024-01-01T02:00,2\n2024-01-01T01:00Z,9\n2024-01-01T00:00,3\n2024-01-01T00:00,3\n';
    await expect(read(content)).rejects.toThrow(
      'prices.csv, line 3, column 2: the value 9 is about the same event as the value 1 of line 1',
    );
    const { values, summary } = await read(content, { keep: 'first' });
    expect(values).toEqual([1, 2, 3]);
    expect(beliefFileWarnings(summary)).toEqual(['2 rows repeating an earlier event start left out.']);
    const known =
      '2024-01-01T01:00,1,2024-01-01\n2024-01-01T01:00,2,2024-01-01T00:30\n2024-01-01T01:00,3,\n2024-01-01T02:00,5,NaT\n2024-01-01T03:00,6,NaN\n2024-01-01T01:00,4,2024-01-01\n';
    const { rows } = await read(known, { beliefcol: 2, keep: 'first' });
    expect(rows.map(({ value, beliefHour }) => [value, beliefHour])).toEqual([
      [1, 0],
      [2, 0.5],
      [3, NaN],
      [5, NaN],
      [6, NaN],
    ]);
  });

  it('converts local times and warns about repeated hours', async () => {
    const content = '2024-10-27 01:30,1\n2024-10-27 02:30,2\n2024-10-27 02:30,3\n2024-10-27 03:30,4\n';
    const { hours, summary } = await read(content, { timezone: 'Europe/Amsterdam' });
    expect(hours.map((at) => at - hours[0]!)).toEqual([0, 1, 2, 3]);
    expect(beliefFileWarnings(summary)[0]).toMatch(/^2 rows in an hour that occurs twice/);
    const forecasts = '2024-10-27 02:30,1,2024-10-26\n2024-10-27 02:30,2,2024-10-25\n';
    const twoBeliefs = await read(forecasts, { timezone: 'Europe/Amsterdam', beliefcol: 2 });
    expect(twoBeliefs.hours[0]).toBe(twoBeliefs.hours[1]);
  });

  it.each([
    ['run by run', ['01,1,0', '02,2,0', '02,3,0', '03,4,0', '02,12,1', '02,13,1', '03,14,1']],
    ['event by event', ['01,1,0', '01,11,1', '02,2,0', '02,12,1', '02,3,0', '02,13,1', '03,4,0', '03,14,1']],
  ])('resolves forecasts of repeated hours that are ordered %s', async (_name, lines) => {
    const content = lines.map((line) =>
      line.replace(/^(..),(.*),(.)$/, '2024-10-27 $1:00,$2,2024-10-26T0$3:00Z\n'),
    );
    const { rows } = await read(content.join(''), { timezone: 'Europe/Amsterdam', beliefcol: 2 });
    const firstHour = hour(parseInstant('2024-10-26T23:00Z'));
    // The last digit of each value counts the events.
    expect(rows.map((row) => row.hour - firstHour)).toEqual(rows.map(({ value }) => (value % 10) - 1));
    expect(rows).toHaveLength(lines.length);
  });

  it('reads datetimes and timedeltas as values, in seconds', async () => {
    const datetimes = '2024-01-01,1970-01-01T00:01Z\n2024-01-02,1970-01-01 01:00\n';
    expect((await read(datetimes, { valueKind: 'datetime', timezone: 'Europe/Amsterdam' })).values).toEqual([
      60, 0,
    ]);
    const lengths = 'when,length\n2024-01-01,PT1H\n2024-01-02,0 days 00:01:30\n2024-01-03,NaT\n';
    expect((await read(lengths, { valueKind: 'timedelta' })).values).toEqual([3600, 90]);
  });

  it('warns about values and belief times in repeated hours', async () => {
    const content =
      '2024-01-01,2024-10-27 02:30,2024-10-27 02:30\n2024-01-02,2024-10-27 03:30,2024-10-27 03:30\n';
    const options = { valueKind: 'datetime', timezone: 'Europe/Amsterdam', beliefcol: 2 } as const;
    const { values, summary } = await read(content, options);
    expect(values).toEqual(['00:30Z', '02:30Z'].map((time) => parseInstant(`2024-10-27T${time}`) / 1000));
    expect(beliefFileWarnings(summary)).toEqual([
      expect.stringMatching(/^1 row with a belief time in an hour that occurs twice/),
      expect.stringMatching(
        /^1 row with a value in an hour that occurs twice .* the first of the two was taken/,
      ),
    ]);
    const missing = content.replaceAll('2024-10-27 02:30', '2024-03-31 02:30');
    await expect(read(missing, options)).rejects.toThrow(
      "line 1, column 2: '2024-03-31 02:30' does not exist there: the clocks skip it",
    );
    const naive = '2024-01-01T00:00Z,2024-10-27 02:30\n';
    await expect(read(naive, { valueKind: 'datetime', timezone: undefined })).rejects.toThrow(
      "line 1, column 2: '2024-10-27 02:30' names no offset from UTC",
    );
  });

  it.each([
    [
      'Hour,Price\n2024-01-01T00:00,1\n2024-01-01T01:00,abc\n',
      {},
      "prices.csv, line 3, column 2 (Price): 'abc' is not a number",
    ],
    ['2024-01-01T00:00,1\nyesterday,2\n', {}, "prices.csv, line 2, column 1: 'yesterday' is not a datetime"],
    [
      'a,"b ""c"""\n2024-01-01T00:00,"1\n2"\n2024-01-01T01:00,2',
      {},
      'prices.csv, line 2, column 2 (b "c"): \'1\\n2\' is not a number',
    ],
    [
      '2024-01-01T00:00,1\n\n2024-01-01T01:00,"2\n',
      {},
      'prices.csv, line 3: a quote is opened here but not closed',
    ],
    [
      '2024-03-31T02:30,1\n',
      { timezone: 'Europe/Amsterdam' },
      "prices.csv, line 1, column 1: '2024-03-31T02:30' does not exist there: the clocks skip it",
    ],
    [
      '2024-01-01T00:00,1\n',
      { timezone: undefined },
      "prices.csv, line 1, column 1: '2024-01-01T00:00' names no offset from UTC, and no timezone was given for the file",
    ],
    [
      'a;b\n2024-01-01T00:00;1\n',
      {},
      'prices.csv, line 1: there is no column 2: the line has 1 column; check the delimiter and the lines to skip',
    ],
    [
      Buffer.from('\uFEFFa,b\n', 'utf16le'),
      {},
      'prices.csv: the file is encoded in UTF-16: save it as UTF-8',
    ],
    ['', { delimiter: '::' }, 'prices.csv: the delimiter must be one ASCII character, and not a quote'],
    ['', { thousands: '.' }, 'prices.csv: decimal point and thousands separator must differ'],
    ...["''", 'constructor', '1', '-', '"'].map((thousands) => [
      '',
      { thousands },
      'prices.csv: the thousands separator must be one character, and not a digit, a sign or a quote',
    ]),
    [
      `${'when'.repeat(20)},w\u001bhat\n2024-01-01T00:00,${'x'.repeat(70)}\n`,
      {},
      String.raw`prices.csv, line 2, column 2 (w\u001bhat): '${'x'.repeat(60)}…' is not a number`,
    ],
    [
      Array.from({ length: 30 }, (_, column) => `c${column}`).join(','),
      { datecol: 'when' },
      "there is no column 'when': the columns are c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, " +
        'c15, c16, c17, c18, c19 and others',
    ],
    [gzipSync(TWO_ROWS), {}, 'prices.csv: the file is packed by gzip: unpack it first'],
    [
      Buffer.from('PK\x03\x04...', 'latin1'),
      {},
      'prices.csv: the file is a spreadsheet, which is read if its name ends',
    ],
    [
      '2024-01-01T00:00,1\n2024-01-01T01:00,1,when\n',
      { beliefcol: 2 },
      'prices.csv, line 1: there is no column 3',
    ],
    [
      '01/02/2024,1\n',
      {},
      "prices.csv, line 1, column 1: '01/02/2024' could have its day or its month first",
    ],
  ] as [string | Buffer, BeliefFileOptions, string][])(
    'reports the place and the reason for %j with %j',
    async (content, options, message) => {
      await expect(read(content, options)).rejects.toThrow(message);
    },
  );

  it('reports a missing file and an unknown zone', async () => {
    const missing = readBeliefFile(join(folder, 'missing.csv'))[Symbol.asyncIterator]();
    await expect(missing.next()).rejects.toThrow('missing.csv: there is no such file');
    const isFolder = readBeliefFile(folder)[Symbol.asyncIterator]();
    await expect(isFolder.next()).rejects.toThrow('this is a folder, not a file');
    await expect(read(TWO_ROWS, { timezone: 'Europe/Atlantis' })).rejects.toMatchObject({
      code: 'INVALID_TIMEZONE',
    });
  });
});
