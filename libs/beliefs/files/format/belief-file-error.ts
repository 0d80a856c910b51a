import { basename } from 'node:path';
import { DomainError, shown } from '#lib/errors';

/** Place of an error in a file. Lines and columns count from 1, as in an editor. */
export interface FilePlace {
  /** Path of the file; messages show the file name. */
  file: string;
  line?: number;
  column?: number;
  /** Name of the column, if the file has a header. */
  columnName?: string;
}

/** A file of beliefs cannot be read. Contains the place and the reason. */
export class BeliefFileError extends DomainError {
  constructor(
    readonly place: FilePlace,
    readonly reason: string,
  ) {
    super('BELIEF_FILE_INVALID', `${describe(place)}: ${reason}`);
    this.name = 'BeliefFileError';
  }

  /** Line, column and reason without the name of the file. */
  describeInFile(): string {
    return `${describePlace(this.place).join(', ')}: ${this.reason}`;
  }
}

function describe(place: FilePlace): string {
  return [basename(place.file), ...describePlace(place)].join(', ');
}

function describePlace({ line, column, columnName }: FilePlace): string[] {
  const parts: string[] = [];
  if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined) parts.push(`column ${column}${columnName ? ` (${shown(columnName)})` : ''}`);
  return parts;
}
