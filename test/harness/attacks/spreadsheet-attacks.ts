import { randomBytes } from 'node:crypto';
import { CFB, utils, write } from '@e965/xlsx';
import { isThorough } from '../effort';
import { odsOf, sheetOfRows, xlsxOf, xlsxParts, zipOf } from './spreadsheets';

/** A file that tries to overload the server. */
export interface SpreadsheetAttack {
  what: string;
  name: string;
  bytes: () => Buffer;
  /** The expected message; undefined where the file is readable and has two rows. */
  reason: RegExp | undefined;
}

const NO_SPREADSHEET = /^The file is named like a spreadsheet, but is no Excel workbook/;
const TOO_LARGE = /^The spreadsheet is too large; send it as CSV\.$/;
/** Unpacking large files takes seconds, and more than the time limit on a busy machine. */
const TOO_LARGE_OR_SLOW =
  /^(The spreadsheet is too large;|Reading the spreadsheet takes more than 30 s:) send it as CSV\.$/;
const DAMAGED = /^The spreadsheet cannot be read \(/;
const NO_ROWS = /^The file has no rows\.$/;
const TOO_SLOW = /^Reading the spreadsheet takes more than 30 s: send it as CSV\.$/;
const TOO_BIG = /^Reading the spreadsheet takes more than 256 MB of memory: send it as CSV\.$/;

const MEGABYTE = 1_000_000;
const filled = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));
/** Content that is compressed as well as text, but not as well as a bomb. */
const noisy = (unit: string, bytes: number): string =>
  `${filled(unit, bytes)}<!--${randomBytes(bytes / 400).toString('hex')}-->`;

const attack = (
  name: string,
  what: string,
  bytes: () => Buffer,
  reason: RegExp | undefined,
): SpreadsheetAttack => ({ name, what, bytes, reason });

/** Files in other formats, which the library would recognise by their first bytes. */
export const OTHER_KINDS = Object.entries({
  'HTML with a cell over a billion columns':
    '<html><table><tr><td colspan=1000000000 rowspan=1000000>1</td></tr></table></html>',
  'SpreadsheetML of 2003':
    '<?xml version="1.0"?><Workbook><Worksheet><Table><Row ss:Index="1000000000"/></Table></Worksheet></Workbook>',
  SYLK: 'ID;PWXL;N;E\r\nC;Y1000000000;X1000000;K1\r\nE\r\n',
  DIF: 'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,1000000000\r\n""\r\n',
  RTF: String.raw`{\rtf1\trowd\cellx1\cell\row}`,
  CSV: '2024-01-01T00:00Z,1\n',
  dBase: '\x03\x7a\x01\x01\xff\xff\xff\xff\x41\x00\x20\x00',
  Lotus: '\x00\x00\x02\x00\x06\x04\x06\x00\x00\x00\x00\x00\xff\xff\xff\xff',
  'BIFF without a container': '\x09\x08\x10\x00\x00\x06\x05\x00',
  nothing: '',
}).map(([what, content], i) => {
  const extension = i % 2 === 0 ? 'xls' : 'xlsx';
  const bytes = (): Buffer => Buffer.from(content, 'latin1');
  return attack(`data.${extension}`, `${what}, named .${extension}`, bytes, NO_SPREADSHEET);
});

const xlsx = (what: string, bytes: () => Buffer, reason: RegExp | undefined): SpreadsheetAttack =>
  attack('data.xlsx', what, bytes, reason);

const ZEROS = '\0'.repeat(64 * MEGABYTE);
const STRINGS = 'xl/sharedStrings.xml';
const SHEET = 'xl/worksheets/sheet1.xml';

/** Archives with too much or unexpected content. */
const ARCHIVES = [
  xlsx('a sheet of zeros', () => xlsxOf('', { [SHEET]: ZEROS }), TOO_LARGE),
  xlsx(
    'a sheet of zeros that claims to be small',
    () =>
      zipOf(
        xlsxParts('').map((part) =>
          part.name === SHEET ? { ...part, content: ZEROS, declared: 1000 } : part,
        ),
      ),
    TOO_LARGE,
  ),
  xlsx('tens of thousands of parts', () => zipOf(xlsxParts(''), 9000), TOO_LARGE),
  xlsx(
    'parts that are too large together',
    () => {
      // Many short texts take seconds to read before the sheet is found to be too large.
      const text = 'a'.repeat(isThorough ? 1 : 1000);
      const strings = `<sst>${noisy(`<si><t>${text}</t></si>`, 20 * MEGABYTE)}</sst>`;
      return xlsxOf(noisy('<row/>', 20 * MEGABYTE), { [STRINGS]: strings });
    },
    TOO_LARGE_OR_SLOW,
  ),
  xlsx(
    'text that packs as no text does',
    () => xlsxOf(sheetOfRows(2), { [STRINGS]: `<sst>${filled('<si/>', 20 * MEGABYTE)}</sst>` }),
    TOO_LARGE,
  ),
  xlsx('an archive of something else', () => zipOf([{ name: 'a.txt', content: 'a' }]), NO_SPREADSHEET),
  xlsx(
    'another file inside',
    () => zipOf([{ name: 'Index.zip', content: '<table><tr><td colspan=1000000000>' }]),
    NO_SPREADSHEET,
  ),
  xlsx(
    'noise behind the signature',
    () => Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(MEGABYTE)]),
    DAMAGED,
  ),
  attack(
    'data.xlsb',
    'a binary workbook',
    () => write(utils.book_new(utils.aoa_to_sheet([[1]])), { type: 'buffer', bookType: 'xlsb' }) as Buffer,
    /^Workbooks of the kind \.xlsb are not read: save it as \.xlsx\.$/,
  ),
];

const oneRow = (more: string): string =>
  `<sheetData><row r="1"><c r="A1" s="1"><v>45292</v></c><c r="B1"><v>1</v></c>${more}</row></sheetData>`;

/** Small sheets that expand to large data. */
const SHEETS = [
  xlsx(
    'dimensions, merged cells and links over all cells',
    () => {
      const everywhere = 'ref="A1:XFD1048576"';
      return xlsxOf(
        `<dimension ${everywhere}/>${sheetOfRows(2)}<mergeCells><mergeCell ${everywhere}/></mergeCells>` +
          `<hyperlinks><hyperlink ${everywhere} location="x"/></hyperlinks>`,
      );
    },
    undefined,
  ),
  xlsx(
    'a cell beyond the last row',
    () => xlsxOf(oneRow('<c r="XFD999999999"><v>1</v></c>')),
    /^The sheet has more than 1,048,576 rows\.$/,
  ),
  xlsx(
    'a cell beyond the last column',
    () => xlsxOf(oneRow('<c r="ZZZZZZ1"><v>1</v></c>')),
    /^Line 1: the row has more than 16,384 columns\.$/,
  ),
  xlsx(
    'a long text',
    () =>
      xlsxOf(
        oneRow('')
          .replace('<v>1<', `<v>${'a'.repeat(MEGABYTE)}<`)
          .replace('B1"', 'B1" t="str"'),
      ),
    /^Line 1, column 2: the text has more than 32,767 characters\.$/,
  ),
  xlsx(
    'formulas',
    () => xlsxOf(oneRow('<c r="C1"><f t="array" ref="A1:XFD1048576">A1:XFD1048576</f></c>')),
    undefined,
  ),
  xlsx('elements within each other', () => xlsxOf(noisy('<row>', 20 * MEGABYTE)), NO_ROWS),
  xlsx(
    'entities of entities, and of files',
    () => {
      const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`).join('');
      const doctype = `<!DOCTYPE x [<!ENTITY e0 SYSTEM "file:///etc/passwd">${entities}]>`;
      return xlsxOf(oneRow('').replace('<v>1<', '<v>&e20;<').replace('B1"', 'B1" t="str"'), {
        [STRINGS]: `${doctype}<sst/>`,
      });
    },
    /^Line 1, column 2: '&e20;' is not a number\.$/,
  ),
  attack('data.ods', 'tables within each other', () => odsOf(noisy('<table:table>', 20 * MEGABYTE)), /./),
  attack(
    'data.ods',
    'a billion blanks',
    () => odsOf(`<table:table-row>${odsCell('<text:s text:c="1000000000"/>')}</table:table-row>`),
    DAMAGED,
  ),
  attack('data.xls', 'a damaged container', () => xls().fill(0, 512, 1024), /./),
  attack('data.xls', 'a container without a workbook', () => compound({ '/Secret': 'x' }), NO_SPREADSHEET),
  attack(
    'data.xls',
    'a workbook of another program',
    () => compound({ '/Workbook': '<table>' }),
    NO_SPREADSHEET,
  ),
  attack(
    'data.xlsx',
    'a workbook that is protected by a password',
    () => compound({ '/EncryptionInfo': 'x', '/EncryptedPackage': 'x' }),
    /^The spreadsheet is protected by a password: save it without one\.$/,
  ),
];

function odsCell(text: string): string {
  return `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
}

const xls = (): Buffer =>
  Buffer.from(
    write(utils.book_new(utils.aoa_to_sheet([[1]])), { type: 'buffer', bookType: 'biff8' }) as Buffer,
  );

/** Types that the declarations of the library do not have. */
interface Compounds {
  utils: { cfb_new: () => object; cfb_add: (container: object, path: string, content: Buffer) => void };
  write: (container: object, options: { type: 'buffer' }) => Buffer;
}

function compound(streams: Record<string, string>): Buffer {
  const { utils: edit, write: bytesOf } = CFB as Compounds;
  const container = edit.cfb_new();
  for (const [path, content] of Object.entries(streams)) edit.cfb_add(container, path, Buffer.from(content));
  return bytesOf(container, { type: 'buffer' });
}

/** Files that are read or rejected quickly. */
export const QUICK_ATTACKS = [...ARCHIVES, ...SHEETS];

/** Files that use up the limit of time or memory. */
export const SLOW_ATTACKS = {
  time: xlsx(
    'a long format of many cells',
    () =>
      xlsxOf(sheetOfRows(20_000), {
        'xl/styles.xml':
          `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${'#'.repeat(MEGABYTE)}yyyy"/></numFmts>` +
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
      }),
    TOO_SLOW,
  ),
  memory: attack(
    'data.ods',
    'cells that are repeated a billion times',
    () => odsOf(`<table:table-row table:number-rows-repeated="1000000000">${odsCell('1')}</table:table-row>`),
    TOO_BIG,
  ),
};
