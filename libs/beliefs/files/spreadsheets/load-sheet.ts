import { readFile } from 'node:fs/promises';
import type { ParsingOptions, WorkBook } from '@e965/xlsx';
import { errorMessage } from '#lib/errors';
import type { BeliefFileOptions } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { Sheet } from './sheet';
import { detectContainer, notASpreadsheetError } from './signature';
import { createArchive, detectKind, type LibraryArchive } from './workbook-parts';
import { TooLargeError, ZipParts } from './zip-parts';

/** Parts of the library without type declarations. */
interface Library {
  parse_zip: (archive: LibraryArchive, options: ParsingOptions) => WorkBook;
  read: (bytes: Buffer, options: ParsingOptions) => WorkBook;
  SSF: { is_date: (format: string) => boolean };
  CFB: {
    read: (bytes: Buffer, options: { type: 'buffer' }) => object;
    find: (container: object, path: string) => { content?: Uint8Array } | null;
  };
}

/**
 * Reads one sheet of a spreadsheet into memory. The library is loaded on demand.
 *
 * @throws BeliefFileError
 */
export async function loadSheet(path: string, options: BeliefFileOptions): Promise<Sheet> {
  const { sheetNumber = 0, decimal = '.', spreadsheetLimits } = options;
  const maxBytes = spreadsheetLimits?.unpackedBytes ?? Infinity;
  const [bytes, imported] = await Promise.all([readFile(path), import('@e965/xlsx')]);
  const library = imported as unknown as Library;
  let book: WorkBook;
  try {
    if (bytes.length > maxBytes) throw new TooLargeError('the file is too large');
    book = await readBook(path, bytes, sheetNumber, maxBytes, library);
  } catch (error) {
    throw toFileError(error, path);
  }
  const name = book.SheetNames[sheetNumber];
  if (name === undefined) {
    throw new BeliefFileError({ file: path }, `there is no sheet ${sheetNumber} (the first one is 0)`);
  }
  const sheet = book.Sheets[name];
  if (!sheet)
    throw new BeliefFileError(
      { file: path },
      `the spreadsheet cannot be read (sheet ${sheetNumber} is damaged)`,
    );
  return new Sheet(path, sheet, {
    countsFrom1904: book.Workbook?.WBProps?.date1904 ?? false,
    decimal,
    isDateFormat: (format) => library.SSF.is_date(format),
  });
}

async function readBook(
  path: string,
  bytes: Buffer,
  sheetNumber: number,
  maxBytes: number,
  library: Library,
): Promise<WorkBook> {
  // Read the value and the format of cells; the format is needed to recognise dates.
  const options: ParsingOptions = {
    ...{ type: 'buffer', sheets: sheetNumber, dense: true },
    ...{ cellText: false, cellHTML: false, cellFormula: false, cellNF: true },
  };
  if (detectContainer(bytes) === 'compound')
    return library.read(workbookStream(path, bytes, library), options);
  const parts = await ZipParts.open(bytes, maxBytes);
  const kind = detectKind(parts);
  if (kind === undefined) throw notASpreadsheetError(path);
  if (kind === 'xlsb') {
    throw new BeliefFileError({ file: path }, 'workbooks of the kind .xlsb are not read: save it as .xlsx');
  }
  const book = library.parse_zip(createArchive(parts, kind), options);
  // The library ignores parts that it cannot read.
  if (parts.failure) throw parts.failure;
  return book;
}

/** The stream of an .xls file that contains the cells. */
function workbookStream(path: string, bytes: Buffer, { CFB }: Library): Buffer {
  const container = CFB.read(bytes, { type: 'buffer' });
  if (CFB.find(container, 'EncryptedPackage')) throw new Error('File is password-protected');
  const { content } = CFB.find(container, '/Workbook') ?? CFB.find(container, '/Book') ?? {};
  // Workbooks start with this kind of record. The library would interpret other content as another file format.
  if (content?.[0] !== 0x09) throw notASpreadsheetError(path);
  return Buffer.from(content);
}

function toFileError(error: unknown, file: string): BeliefFileError {
  if (error instanceof BeliefFileError) return error;
  if (error instanceof TooLargeError) {
    return new BeliefFileError({ file }, 'the spreadsheet is too large; send it as CSV');
  }
  const why = errorMessage(error);
  const reason = /password|encrypt/i.test(why)
    ? 'the spreadsheet is protected by a password: save it without one'
    : `the spreadsheet cannot be read (${why})`;
  return new BeliefFileError({ file }, reason);
}
