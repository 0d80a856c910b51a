import { utils, write } from '@e965/xlsx';
import { zipOf } from '../../../../test/harness/attacks/spreadsheets';
import { TooLargeError, ZipParts } from './zip-parts';

const MEGABYTE = Buffer.alloc(1_000_000, 'a');

describe('ZipParts', () => {
  it('unpacks parts by name', async () => {
    const zip = zipOf([
      { name: 'a.xml', content: 'one' },
      { name: 'b/c.xml', content: 'two' },
    ]);
    const parts = await ZipParts.open(zip, 6);
    expect(parts.names).toEqual(['a.xml', 'b/c.xml']);
    expect(String(parts.read('b/c.xml'))).toBe('two');
    expect(String(parts.read('a.xml'))).toBe('one');
    expect(parts.read('d.xml')).toBeUndefined();
    expect(parts.failure).toBeUndefined();
  });

  it('counts only the parts that were unpacked', async () => {
    const zip = zipOf(['a', 'b', 'c'].map((name) => ({ name, content: MEGABYTE })));
    const parts = await ZipParts.open(zip, 2_000_000);
    parts.read('a');
    parts.read('c');
    expect(() => parts.read('b')).toThrow(TooLargeError);
    expect(parts.failure).toBeInstanceOf(TooLargeError);
  });

  it('rejects a part that is larger than declared', async () => {
    const parts = await ZipParts.open(zipOf([{ name: 'a', content: MEGABYTE, declared: 10 }]), 2_000_000);
    expect(() => parts.read('a')).toThrow(TooLargeError);
  });

  it('rejects a large part with an implausible compression ratio', async () => {
    const parts = await ZipParts.open(zipOf([{ name: 'a', content: Buffer.alloc(5_000_000) }]), 9_000_000);
    expect(() => parts.read('a')).toThrow(TooLargeError);
  });

  it('rejects an archive with too many parts', async () => {
    const zip = zipOf([{ name: 'a', content: '' }], 10_001);
    await expect(ZipParts.open(zip, 1000)).rejects.toThrow(TooLargeError);
  });

  it.each([true, false])('reads archives of the library, with compression %s', async (compression) => {
    const book = utils.book_new(utils.aoa_to_sheet([['a', 1]]));
    const bytes = write(book, { type: 'buffer', bookType: 'xlsx', compression }) as Buffer;
    const parts = await ZipParts.open(bytes, 100_000);
    expect(String(parts.read('xl/worksheets/sheet1.xml'))).toContain('<sheetData>');
  });

  it('throws for a missing and for a damaged archive', async () => {
    await expect(ZipParts.open(Buffer.from('PK\x03\x04'), 1000)).rejects.toThrow();
    const zip = zipOf([{ name: 'a', content: MEGABYTE }]);
    await expect(ZipParts.open(zip.subarray(40), 1000)).rejects.toThrow();
    zip.fill(0xff, 31, 60);
    const parts = await ZipParts.open(zip, 2_000_000);
    expect(() => parts.read('a')).toThrow();
  });
});
