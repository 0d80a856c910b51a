import { quoted, shown } from '#lib/errors';
import type { BeliefFileOptions, ColumnReference } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';

/** Maximum number of column names in a message. */
const MAX_NAMES = 20;

/** Positions of the columns, from 0. */
export interface ColumnPlan {
  date: number;
  /** All columns of the event start, if it is in several. */
  dates: readonly number[];
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
  const { dates, value, belief, filters } = referencesOf(options);
  const firstIsHeader = isHeader(wantedColumns(options), top);
  const names = firstIsHeader ? top.first : top.skipped;
  const find = (reference: ColumnReference) => findColumn(reference, names, top);
  const dateColumns = dates.map(find);
  const plan = {
    date: dateColumns[0]!,
    dates: dateColumns,
    value: find(value),
    belief: find(belief),
    filters: filters.map((filter) => ({ column: find(filter.column), value: filter.value.trim() })),
    names,
  };
  return { plan, firstIsHeader };
}

function referencesOf({ datecol = 0, valuecol = 1, beliefcol = -1, filters = [] }: BeliefFileOptions) {
  const dates = typeof datecol === 'object' ? (datecol.length > 0 ? datecol : [0]) : [datecol];
  return { dates, value: valuecol, belief: beliefcol, filters };
}

/** All columns of the options: first those of the event start and of the value. */
function wantedColumns(options: BeliefFileOptions): ColumnReference[] {
  const { dates, value, belief, filters } = referencesOf(options);
  return [dates[0]!, value, belief, ...dates.slice(1), ...filters.map(({ column }) => column)];
}

/** Whether a row has all column names of the options; undefined if the options name none. */
export function hasWantedNames(options: BeliefFileOptions, row: readonly string[]): boolean | undefined {
  const names = wantedColumns(options).filter(
    (reference) => typeof reference === 'string' && !isPosition(reference),
  );
  return names.length === 0 ? undefined : names.every((name) => row.includes(String(name).trim()));
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
