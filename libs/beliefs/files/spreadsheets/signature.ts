import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { BeliefFileError } from '../format/belief-file-error';

/** Names of spreadsheets; of .xlsb we only know that it is one. */
const EXTENSIONS = new Set(['.xlsx', '.xlsm', '.xlsb', '.xls', '.ods']);

/** What spreadsheets begin with: zip archives (.xlsx, .ods) and compound files of OLE (.xls). */
const SIGNATURES = {
  zip: Buffer.from('504b0304', 'hex'),
  compound: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
};

export type Container = keyof typeof SIGNATURES;

/** Whether a file is a spreadsheet by its name. */
export const isNamedSpreadsheet = (path: string): boolean => EXTENSIONS.has(extname(path).toLowerCase());

/** What a file is by its first bytes; undefined when that is no spreadsheet. */
export function containerOf(bytes: Buffer): Container | undefined {
  const matches = (start: Buffer): boolean => bytes.subarray(0, start.length).equals(start);
  return (Object.keys(SIGNATURES) as Container[]).find((container) => matches(SIGNATURES[container]));
}

/**
 * Refuses a file that is a spreadsheet by its name alone. Many programs write HTML or text and call it .xls; libraries
 * would guess what it means.
 *
 * @throws BeliefFileError
 */
export async function checkSignature(path: string): Promise<void> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    if (containerOf(buffer.subarray(0, bytesRead))) return;
  } finally {
    await handle.close();
  }
  throw notASpreadsheet(path);
}

export const notASpreadsheet = (file: string): BeliefFileError =>
  new BeliefFileError(
    { file },
    'the file is named like a spreadsheet, but is no Excel workbook and no OpenDocument spreadsheet: save it as .xlsx, ' +
      'or name it .csv if it holds CSV',
  );
