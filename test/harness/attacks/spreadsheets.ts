import { deflateRawSync } from 'node:zlib';

/** A part of a zip archive. */
export interface ZipPart {
  name: string;
  content: Buffer | string;
  /** The size that the archive states, if it differs from the real size. */
  declared?: number;
}

/** A zip archive. Its directory lists each part `times` times. */
export function zipOf(parts: ZipPart[], times = 1): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const packed = deflateRawSync(part.content);
    const name = Buffer.from(part.name);
    const facts = factsOf(part, packed.length, name.length);
    const entry = Buffer.concat([Buffer.from('PK\x01\x02\0\0', 'latin1'), facts, Buffer.alloc(14), name]);
    entry.writeUInt32LE(offset, 42);
    for (let i = 0; i < times; i++) entries.push(entry);
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed);
    offset += 4 + facts.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const at of [8, 10]) end.writeUInt16LE(entries.length, at);
  end.writeUInt32LE(
    entries.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...entries, end]);
}

/** Fields that the header of a part and the directory have in common. */
function factsOf({ content, declared }: ZipPart, packedBytes: number, nameBytes: number): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(packedBytes, 14);
  facts.writeUInt32LE(declared ?? Buffer.byteLength(content), 18);
  facts.writeUInt16LE(nameBytes, 22);
  return facts;
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** The parts of an .xlsx file with one sheet. `others` adds parts or replaces them. */
export function xlsxParts(sheet: string, others: Record<string, string> = {}): ZipPart[] {
  const override = (part: string, type: string): string =>
    `<Override PartName="/xl/${part}.xml" ContentType="${TYPES}.${type}+xml"/>`;
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="r${id}" Type="${RELATIONS}/${type}" Target="${target}.xml"/>`;
  const parts = {
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      override('workbook', 'sheet.main') +
      override('worksheets/sheet1', 'worksheet') +
      override('sharedStrings', 'sharedStrings') +
      override('styles', 'styles') +
      '</Types>',
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
      relation(1, 'worksheet', 'worksheets/sheet1') +
      relation(2, 'sharedStrings', 'sharedStrings') +
      relation(3, 'styles', 'styles') +
      '</Relationships>',
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN}"><si><t>Time</t></si></sst>`,
    'xl/styles.xml':
      `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm"/></numFmts>` +
      '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}">${sheet}</worksheet>`,
    ...others,
  };
  return Object.entries(parts).map(([name, content]) => ({ name, content }));
}

export const xlsxOf = (...given: Parameters<typeof xlsxParts>): Buffer => zipOf(xlsxParts(...given));

/** The XML of rows with a date, from 1 January 2024 on, and a value. */
export const sheetOfRows = (rows: number, more: (row: number) => string = () => ''): string =>
  `<sheetData>${Array.from({ length: rows }, (_, i) => {
    const row = i + 1;
    return `<row r="${row}"><c r="A${row}" s="1"><v>${45_292 + i / 96}</v></c><c r="B${row}"><v>${i}</v></c>${more(row)}</row>`;
  }).join('')}</sheetData>`;

/** An .ods file with one table of the given rows. */
export function odsOf(rows: string): Buffer {
  const office = 'urn:oasis:names:tc:opendocument:xmlns';
  const spaces = ['office', 'table', 'text'].map((name) => `xmlns:${name}="${office}:${name}:1.0"`).join(' ');
  return zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    {
      name: 'META-INF/manifest.xml',
      content:
        `<manifest:manifest xmlns:manifest="${office}:manifest:1.0">` +
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>' +
        '</manifest:manifest>',
    },
    { name: 'styles.xml', content: `<office:document-styles ${spaces}/>` },
    {
      name: 'content.xml',
      content:
        `<office:document-content ${spaces}><office:body><office:spreadsheet><table:table table:name="Data">${rows}` +
        '</table:table></office:spreadsheet></office:body></office:document-content>',
    },
  ]);
}
