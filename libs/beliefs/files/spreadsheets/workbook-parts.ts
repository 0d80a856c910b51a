import type { ZipParts } from './zip-parts';

/** Kinds of spreadsheets in zip archives. */
export type PackedKind = 'xlsx' | 'xlsb' | 'ods';

/** The parts of a spreadsheet, in the form of an opened archive of the library. */
export interface LibraryArchive {
  files: Record<string, { name: string; asNodeBuffer: () => Buffer }>;
}

const CONTENT_TYPES = '[Content_Types].xml';
const ODS_PARTS = ['META-INF/manifest.xml', 'content.xml', 'styles.xml'];

/** Content types of the parts that are needed for values, dates and texts of cells. Other parts are removed. */
const WANTED_TYPES = /(?:sheet|template)(?:\.macroEnabled)?\.main\+xml$|\.(?:styles|sharedStrings)\+xml$/;

/** The kind of spreadsheet, by the names of the parts; undefined if the archive is not a spreadsheet. */
export function detectKind({ names }: ZipParts): PackedKind | undefined {
  if (names.some((name) => /^xl\/workbook\.bin$/i.test(name))) return 'xlsb';
  if (names.includes(CONTENT_TYPES)) return 'xlsx';
  return names.includes('META-INF/manifest.xml') && names.includes('content.xml') ? 'ods' : undefined;
}

/**
 * Creates an archive for the library with only the parts that are needed for cells: no links, drawings, comments, formulas,
 * properties or macros. Parts are unpacked on demand, so that other sheets are not unpacked.
 */
export function createArchive(parts: ZipParts, kind: 'xlsx' | 'ods'): LibraryArchive {
  const read = (name: string): Buffer => parts.read(name) ?? Buffer.alloc(0);
  const content = kind === 'ods' ? read : (name: string) => reducePart(name, read(name));
  const names = parts.names.filter(kind === 'ods' ? (name) => ODS_PARTS.includes(name) : isPartOfWorkbook);
  return {
    files: Object.fromEntries(names.map((name) => [name, { name, asNodeBuffer: () => content(name) }])),
  };
}

/** Of the relationship parts, only those of the workbook are needed: those of sheets refer to links and comments. */
function isPartOfWorkbook(name: string): boolean {
  if (!name.endsWith('.rels'))
    return name.endsWith('.xml') && !/^(?:META-INF|Index)\/|^objectdata\.xml$/.test(name);
  return /(?:^|\/)_rels\/workbook[^/]*\.rels$/i.test(name);
}

/** Removes content of a part that the library does not need. */
function reducePart(name: string, part: Buffer): Buffer {
  if (name === CONTENT_TYPES) return filterContentTypes(part);
  return isWorksheet(part) ? extractCells(part) : part;
}

function filterContentTypes(part: Buffer): Buffer {
  const text = part.toString('utf8');
  const [types = ''] = /<(?:\w+:)?Types\b[^<>]*>/.exec(text) ?? [];
  const wanted = [...text.matchAll(/<(?:\w+:)?Override\b[^<>]*>/g)]
    .map(([override]) => override)
    .filter((override) => WANTED_TYPES.test(/\bContentType\s*=\s*["']([^"']*)/.exec(override)?.[1] ?? ''));
  return Buffer.from([types, ...wanted].join(''));
}

const isWorksheet = (part: Buffer): boolean =>
  /<(?:\w+:)?worksheet[\s>]/.test(part.toString('latin1', 0, 2000));

/** Keeps only the cells of a sheet: the library would process merged ranges and links for each cell. */
function extractCells(part: Buffer): Buffer {
  const head = part.toString('latin1', 0, part.length);
  const opening = /<(\w+:)?sheetData[\s>]/.exec(head);
  const closing = `</${opening?.[1] ?? ''}sheetData>`;
  const end = opening === null ? -1 : head.indexOf(closing, opening.index);
  return end < 0
    ? Buffer.from('<sheetData></sheetData>')
    : part.subarray(opening!.index, end + closing.length);
}
