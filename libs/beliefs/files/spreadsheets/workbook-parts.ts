import type { ZipParts } from './zip-parts';

/** Kinds of zip archives that hold a spreadsheet. */
export type PackedKind = 'xlsx' | 'xlsb' | 'ods';

/** The parts of a spreadsheet in the form in which the library takes an archive that others have opened. */
export interface LibraryArchive {
  files: Record<string, { name: string; asNodeBuffer: () => Buffer }>;
}

const CONTENT_TYPES = '[Content_Types].xml';
const ODS_PARTS = ['META-INF/manifest.xml', 'content.xml', 'styles.xml'];

/** Parts that values, dates and texts of cells come from, by their content type; all others are kept from the library. */
const WANTED_TYPES = /(?:sheet|template)(?:\.macroEnabled)?\.main\+xml$|\.(?:styles|sharedStrings)\+xml$/;

/** What an archive holds, by the names of its parts; undefined when that is no spreadsheet. */
export function packedKindOf({ names }: ZipParts): PackedKind | undefined {
  if (names.some((name) => /^xl\/workbook\.bin$/i.test(name))) return 'xlsb';
  if (names.includes(CONTENT_TYPES)) return 'xlsx';
  return names.includes('META-INF/manifest.xml') && names.includes('content.xml') ? 'ods' : undefined;
}

/**
 * Gives the library the parts that cells come from, and no others: no links, drawings, comments, formulas to be
 * calculated, properties or macros. Parts are unpacked when the library asks for them, so that sheets that it passes
 * over cost nothing.
 */
export function archiveFor(parts: ZipParts, kind: 'xlsx' | 'ods'): LibraryArchive {
  const read = (name: string): Buffer => parts.read(name) ?? Buffer.alloc(0);
  const content = kind === 'ods' ? read : (name: string) => reduced(name, read(name));
  const names = parts.names.filter(kind === 'ods' ? (name) => ODS_PARTS.includes(name) : isPartOfWorkbook);
  return {
    files: Object.fromEntries(names.map((name) => [name, { name, asNodeBuffer: () => content(name) }])),
  };
}

/** Of the parts that tell what belongs to what, those of the workbook are enough: sheets refer to links and comments. */
function isPartOfWorkbook(name: string): boolean {
  if (!name.endsWith('.rels'))
    return name.endsWith('.xml') && !/^(?:META-INF|Index)\/|^objectdata\.xml$/.test(name);
  return /(?:^|\/)_rels\/workbook[^/]*\.rels$/i.test(name);
}

/** What the library needs of a part. */
function reduced(name: string, part: Buffer): Buffer {
  if (name === CONTENT_TYPES) return wantedTypes(part);
  return isWorksheet(part) ? cellsOf(part) : part;
}

function wantedTypes(part: Buffer): Buffer {
  const text = part.toString('utf8');
  const [types = ''] = /<(?:\w+:)?Types\b[^<>]*>/.exec(text) ?? [];
  const wanted = [...text.matchAll(/<(?:\w+:)?Override\b[^<>]*>/g)]
    .map(([override]) => override)
    .filter((override) => WANTED_TYPES.test(/\bContentType\s*=\s*["']([^"']*)/.exec(override)?.[1] ?? ''));
  return Buffer.from([types, ...wanted].join(''));
}

const isWorksheet = (part: Buffer): boolean =>
  /<(?:\w+:)?worksheet[\s>]/.test(part.toString('latin1', 0, 2000));

/** The cells of a sheet without what stands around them: merged ranges and links would be carried out for each cell. */
function cellsOf(part: Buffer): Buffer {
  const head = part.toString('latin1', 0, part.length);
  const opening = /<(\w+:)?sheetData[\s>]/.exec(head);
  const closing = `</${opening?.[1] ?? ''}sheetData>`;
  const end = opening === null ? -1 : head.indexOf(closing, opening.index);
  return end < 0
    ? Buffer.from('<sheetData></sheetData>')
    : part.subarray(opening!.index, end + closing.length);
}
