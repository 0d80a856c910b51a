import { basename } from 'node:path';
import { DomainError, shown } from '#lib/errors';

/** Where in a belief file something is wrong; lines and columns count from 1, as an editor shows them. */
export interface FilePlace {
  /** Path of the file; messages show its last part. */
  file: string;
  line?: number;
  column?: number;
  /** Name of the column, where the file has a header. */
  columnName?: string;
}

/** A file of beliefs cannot be read: says where, and why in one sentence. */
export class BeliefFileError extends DomainError {
  constructor(
    readonly place: FilePlace,
    readonly reason: string,
  ) {
    super('BELIEF_FILE_INVALID', `${describe(place)}: ${reason}`);
    this.name = 'BeliefFileError';
  }
}

function describe({ file, line, column, columnName }: FilePlace): string {
  const parts = [basename(file)];
  if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined) parts.push(`column ${column}${columnName ? ` (${shown(columnName)})` : ''}`);
  return parts.join(', ');
}
