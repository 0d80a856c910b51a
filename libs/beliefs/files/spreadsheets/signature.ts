import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { BeliefFileError } from '../format/belief-file-error';

/** Extensions of spreadsheets. Files of the kind .xlsb are recognised, but not supported. */
const EXTENSIONS = new Set(['.xlsx', '.xlsm', '.xlsb', '.xls', '.ods']);

/** First bytes of spreadsheets: zip archives (.xlsx, .ods) and OLE compound files (.xls). */
const SIGNATURES = {
  zip: Buffer.from('504b0304', 'hex'),
  compound: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
};

export type Container = keyof typeof SIGNATURES;

/** Whether the extension of a file is that of a spreadsheet. */
export const isNamedSpreadsheet = (path: string): boolean => EXTENSIONS.has(extname(path).toLowerCase());

/** The kind of a file by its first bytes; undefined if it is not a spreadsheet. */
export function detectContainer(bytes: Buffer): Container | undefined {
  const matches = (start: Buffer): boolean => bytes.subarray(0, start.length).equals(start);
  return (Object.keys(SIGNATURES) as Container[]).find((container) => matches(SIGNATURES[container]));
}

/**
 * Rejects a file that has the extension but not the content of a spreadsheet. Many programs write HTML or text with the
 * extension .xls, which libraries would interpret by guessing.
 *
 * @throws BeliefFileError
 */
export async function checkSignature(path: string): Promise<void> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    if (detectContainer(buffer.subarray(0, bytesRead))) return;
  } finally {
    await handle.close();
  }
  throw notASpreadsheetError(path);
}

export const notASpreadsheetError = (file: string): BeliefFileError =>
  new BeliefFileError(
    { file },
    'the file is named like a spreadsheet, but is no Excel workbook and no OpenDocument spreadsheet: save it as .xlsx, ' +
      'or name it .csv if it holds CSV',
  );
