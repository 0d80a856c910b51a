import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readBeliefFile } from '../index';
import { seedOrDefault } from '../../../../test/harness/effort';

const folder = mkdtempSync(join(tmpdir(), 'csv-paths-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A header that needs the full CSV parser, which then also reads the rest of the file. */
const ODD_HEADER = 'when,"value ""of"" it",more\n';
const PLAIN_HEADER = 'when,value of it,more\n';
const OPTIONS = { timezone: 'Europe/Amsterdam', thousands: "'", batchSize: 7 };

async function read(content: string) {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, content);
  const file = readBeliefFile(path, OPTIONS);
  const found: number[][] = [];
  try {
    for await (const { eventStarts, values, lines } of file) {
      found.push(Array.from(eventStarts), Array.from(values), Array.from(lines));
    }
  } catch (error) {
    return { found, error: (error as Error).message.replaceAll(/ \(value.*?\)/g, '') };
  }
  return { found, summary: { ...file.summary, columns: [] } };
}

const datetime = fc
  .record({
    day: fc.integer({ min: 0, max: 366 }),
    minutes: fc.integer({ min: 0, max: 1439 }),
    zone: fc.constantFrom('', '', 'Z', '+05:30', ' UTC'),
  })
  .map(
    ({ day, minutes, zone }) =>
      new Date(Date.UTC(2024, 0, 1 + day, 0, minutes)).toISOString().slice(0, 16) + zone,
  );
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  fc.integer().map(String),
  fc.constantFrom('', 'NA', "1'234.5", '1e-7', '-0', ' 7 ', '0.30000000000000004'),
);
const rubbish = fc.constantFrom('x', 'x y', '12:30', '2024-02-30', '1,', 'é', '\t');
const quoted = (cells: fc.Arbitrary<string>) =>
  fc
    .tuple(cells, fc.constantFrom('', '', '"', ' "'))
    .map(([cell, quote]) => (quote ? `${quote}${cell}"` : cell));
const row = fc
  .tuple(
    quoted(fc.oneof({ weight: 20, arbitrary: datetime }, { weight: 1, arbitrary: rubbish })),
    quoted(fc.oneof({ weight: 20, arbitrary: number }, { weight: 1, arbitrary: rubbish })),
    quoted(fc.constantFrom('', 'more', 'a,b')),
    fc.boolean(),
  )
  .map(([date, value, more, hasMore]) => (hasMore ? `${date},${value},${more}` : `${date},${value}`));
const lines = fc.array(
  fc.oneof({ weight: 12, arbitrary: row }, { weight: 1, arbitrary: fc.constantFrom('', '  ', ',', ',,') }),
  { maxLength: 40 },
);

describe('CsvScanner and the full CSV parser', () => {
  it('return the same rows, lines, counts and errors', async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, lineEnd, endsWithLineEnd) => {
          const body = rows.join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
          expect(await read(PLAIN_HEADER + body)).toEqual(await read(ODD_HEADER + body));
        },
      ),
      { numRuns: 100, seed: seedOrDefault(20_260_101) },
    );
  });

  it('switch to the full parser at a line that needs it', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `2024-01-01T${String(i % 24).padStart(2, '0')}:${i < 24 ? '00' : '30'},${i},`,
    );
    const plain = await read(PLAIN_HEADER + rows.join('\n'));
    rows[20] = `${rows[20]!}"a ""b"""`;
    expect(await read(PLAIN_HEADER + rows.join('\n'))).toEqual(plain);
  });

  it.each([
    ['plain', ''],
    ['quoted', '"'],
  ])('read a %s file that is longer than the window in memory', async (_name, quote) => {
    const start = Date.UTC(2020, 0, 1);
    const count = 60_000;
    const rows = Array.from(
      { length: count },
      (_, i) => `${quote}${new Date(start + i * 60_000).toISOString()}${quote},${i / 8}\n`,
    );
    const path = join(folder, 'long.csv');
    writeFileSync(path, rows.join(''));
    let next = 0;
    for await (const { eventStarts, values, lines: at } of readBeliefFile(path)) {
      for (let i = 0; i < values.length; i++, next++) {
        if (eventStarts[i] !== start + next * 60_000 || values[i] !== next / 8 || at[i] !== next + 1) {
          throw new Error(`row ${next} went wrong`);
        }
      }
    }
    expect(next).toBe(count);
  });

  const PLAIN = 'when,what\n2024-01-01T00:00Z,1\n';
  const ODD = 'when,"what ""exactly"""\n2024-01-01T00:00Z,1\n';
  const long = (unit: string): string => unit.repeat(3_000_000 / unit.length);
  const TOO_LONG = 'the line is too long for a CSV file';
  const TOO_LONG_OR_OPEN = `${TOO_LONG}, or a quote is opened here but not closed`;
  const TOO_WIDE = 'the line has more than 16,384 columns';

  it.each([
    ['a plain line', PLAIN + long('a'), 3, TOO_LONG],
    ['a quoted cell', `${PLAIN}2024-01-01T01:00Z,"${long('a')}"`, 3, TOO_LONG],
    ['a cell of many lines', `${PLAIN}2024-01-01T01:00Z,"${long('a\n')}`, 3, TOO_LONG_OR_OPEN],
    ['an odd line', `${ODD}"a""${long('a')}"`, 3, TOO_LONG_OR_OPEN],
    ['empty cells after an odd line', ODD + long(','), 3, TOO_LONG_OR_OPEN],
    ['a header', `a,${','.repeat(20_000)}\n${PLAIN}`, 1, TOO_WIDE],
    ['a row', PLAIN + ','.repeat(20_000), 3, TOO_WIDE],
    ['a row after an odd line', ODD + ','.repeat(20_000), 3, TOO_WIDE],
  ])('reject %s that is too long', async (_name, content, line, reason) => {
    const path = join(folder, 'endless.csv');
    writeFileSync(path, content);
    const read = async (): Promise<void> => {
      for await (const { values } of readBeliefFile(path)) expect([...values]).toEqual([1]);
    };
    await expect(read()).rejects.toMatchObject({ place: { line }, reason });
  });

  it.each([
    ['long', long('a'), TOO_LONG],
    ['wide', ','.repeat(20_000), TOO_WIDE],
  ])('reject a line that is too %s, also if it is skipped', async (_name, text, reason) => {
    const path = join(folder, 'endless.csv');
    writeFileSync(path, `title\n${text}\n${PLAIN}`);
    const rows = readBeliefFile(path, { skiprows: 2 })[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toMatchObject({ place: { line: 2 }, reason });
  });

  it('read on after a skipped line with wrong quotes', async () => {
    const path = join(folder, 'titled.csv');
    writeFileSync(path, 'Values of "January, "b\n2024-01-01T00:00Z,7\n');
    const batches = readBeliefFile(path, { skiprows: 1, valuecol: '"b' })[Symbol.asyncIterator]();
    expect((await batches.next()).value).toMatchObject({ values: Float64Array.of(7) });
    await batches.return?.();
  });

  it('do not block the event loop', async () => {
    const path = join(folder, 'empty.csv');
    writeFileSync(path, '\n'.repeat(20_000_000));
    let iterations = 0;
    const timer = setInterval(() => iterations++, 1);
    await expect(readBeliefFile(path)[Symbol.asyncIterator]().next()).rejects.toThrow('the file has no rows');
    clearInterval(timer);
    // There is at least one iteration of the event loop per megabyte.
    expect(iterations).toBeGreaterThan(25);
  });
});
