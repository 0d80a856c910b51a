import type { BeliefFileError } from '#lib/beliefs/files';
import { shown } from '#lib/errors';

/** Describes an error in an uploaded file with its line and column, but without the name of the temporary file. */
export function describeFileError({ place: { line, column, columnName }, reason }: BeliefFileError): string {
  const where = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${columnName === undefined ? column : shown(columnName)}`]),
  ].join(', ');
  const sentence = where === '' ? reason : `${where}: ${reason}`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
