import type { BeliefFileError } from '#lib/beliefs/files';
import { shown } from '#lib/errors';

/** What is wrong with a file that was sent, and where; its sender knows its name. */
export function fileReason({ place: { line, column, columnName }, reason }: BeliefFileError): string {
  const where = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${columnName === undefined ? column : shown(columnName)}`]),
  ].join(', ');
  const sentence = where === '' ? reason : `${where}: ${reason}`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
