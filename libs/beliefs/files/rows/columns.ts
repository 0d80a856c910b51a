import { quoted, shown } from '#lib/errors';
import type { BeliefFileOptions, ColumnReference } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';

/** Maximum number of column names in a message. */
const MAX_NAMES = 20;

/** Positions of the columns, from 0. */
export interface ColumnPlan {
  date: number;
  value: number;
  /** -1 if the file has no belief times. */
  belief: number;
  filters: readonly { column: number; value: string }[];
  /** Names from the header; undefined without one. */
  names: readonly string[] | undefined;
}

/** The first row and the line before it, for finding the columns. */
export interface FileStart {
  file: string;
  /** Cells of the last skipped line, if lines were skipped. */
  skipped: readonly string[] | undefined;
  first: readonly string[];
  /** Line number of the first row. */
  line: number;
  /** Whether the row is a header, judged by its cells in the columns of date and value. */
  looksLikeHeader: (dateCell: string, valueCell: string) => boolean;
}

/**
 * Finds the columns of the options and determines whether the first row is a header.
 *
 * @throws BeliefFileError if a column does not exist
 */
export function planColumns(
  options: BeliefFileOptions,
  top: FileStart,
): { plan: ColumnPlan; firstIsHeader: boolean } {
  const references = {
    date: options.datecol ?? 0,
    value: options.valuecol ?? 1,
    belief: options.beliefcol ?? -1,
  };
  const filters = options.filters ?? [];
  const wanted = [...Object.values(references), ...filters.map(({ column }) => column)];
  const firstIsHeader = isHeader(wanted, top);
  const names = firstIsHeader ? top.first : top.skipped;
  const find = (reference: ColumnReference) => findColumn(reference, names, top);
  const plan = {
    date: find(references.date),
    value: find(references.value),
    belief: find(references.belief),
    filters: filters.map(({ column, value }) => ({ column: find(column), value: value.trim() })),
    names,
  };
  return { plan, firstIsHeader };
}

function isHeader(wanted: readonly ColumnReference[], top: FileStart): boolean {
  const names = wanted.filter((reference) => typeof reference === 'string' && !isPosition(reference));
  if (names.length > 0) {
    if (names.every((name) => top.first.includes(String(name)))) return true;
    if (top.skipped) return false;
  }
  const [date, value] = wanted.map((reference) => findPosition(reference, top.first));
  return top.looksLikeHeader(top.first[date ?? 0] ?? '', top.first[value ?? 1] ?? '');
}

function findColumn(
  reference: ColumnReference,
  names: readonly string[] | undefined,
  { file, line, first }: FileStart,
): number {
  const column = findPosition(reference, names ?? []);
  if (column === undefined) {
    const known = names?.length ? `the columns are ${formatNames(names)}` : 'the file has no header';
    throw new BeliefFileError({ file, line }, `there is no column ${quoted(String(reference))}: ${known}`);
  }
  if (column >= first.length) {
    const size = first.length === 1 ? '1 column' : `${first.length} columns`;
    throw new BeliefFileError(
      { file, line },
      `there is no column ${column + 1}: the line has ${size}; check the delimiter and the lines to skip`,
    );
  }
  return column;
}

function formatNames(names: readonly string[]): string {
  const rest = names.length > MAX_NAMES ? ' and others' : '';
  return names.slice(0, MAX_NAMES).map(shown).join(', ') + rest;
}

function findPosition(reference: ColumnReference, names: readonly string[]): number | undefined {
  if (typeof reference === 'number') return reference;
  const named = names.indexOf(reference.trim());
  if (named >= 0) return named;
  return isPosition(reference) ? Number(reference) : undefined;
}

function isPosition(reference: string): boolean {
  return /^\s*\d+\s*$/.test(reference);
}
