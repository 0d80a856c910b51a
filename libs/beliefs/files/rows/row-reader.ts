import { CellError, CellReader } from '../cells/cell-reader';
import type { Fields } from '../cells/fields';
import type { BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { BadRows } from './bad-rows';
import { hasWantedNames, planColumns, type ColumnPlan } from './columns';
import type { RowCollector, RowConflict } from './row-collector';

/** The header is searched in this number of rows, if the options name columns but no rows to skip. */
const MAX_ROWS_ABOVE_HEADER = 100;

/** Converts rows of any kind of file to beliefs. Rows must be given in the order of the file. */
export class RowReader {
  private plan: ColumnPlan | undefined;
  private readonly cells: CellReader;
  private readonly maxRows: number;
  private readonly bad: BadRows;
  /** The error about the first row, if it does not have the names of the columns. */
  private headerError: unknown;

  /** @param skipped cells of the last skipped line, which may be a header */
  constructor(
    private readonly file: string,
    private readonly options: BeliefFileOptions,
    private readonly collector: RowCollector,
    private readonly summary: BeliefFileSummary,
    private readonly skipped?: readonly string[],
  ) {
    this.cells = new CellReader(options);
    this.maxRows = options.nrows ?? Infinity;
    this.bad = new BadRows(summary, options.skipBadRows ?? false);
  }

  /** Whether the requested number of rows has been read. */
  get isDone(): boolean {
    return this.summary.rowsRead >= this.maxRows;
  }

  /** The last needed column; undefined before the first row. */
  get lastColumn(): number | undefined {
    if (!this.plan) return undefined;
    const { dates, value, belief, filters } = this.plan;
    // At least 1, because a row that is cut to one blank cell would count as blank.
    return Math.max(1, ...dates, value, belief, ...filters.map(({ column }) => column));
  }

  /**
   * Reads one row; blank rows are skipped.
   *
   * @param line line of the file, from 1
   * @throws BeliefFileError
   */
  read(fields: Fields, line: number): void {
    if (fields.count <= 1 && (fields.count === 0 || !fields.trim(0))) return;
    if (!this.plan) {
      if (this.isAboveHeader(fields, line)) return;
      const isHeader = this.determineColumns(fields, line);
      if (isHeader) return;
    }
    if (this.isDone) return;
    try {
      this.readRow(fields, line, this.plan!);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      if (error.needsOption) throw this.createError(error, line);
      this.addBadRow(fields, this.createError(error, line), this.plan!);
    }
  }

  /** Call this at the end of the file. @throws BeliefFileError about bad rows, or if there was no row, not even a header */
  finish(): void {
    this.bad.finish();
    this.summary.shortYear = this.cells.shortYear;
    if (this.plan || this.skipped || this.isDone) return;
    if (this.headerError) throw this.headerError as Error;
    const { skiprows = 0 } = this.options;
    const reason = `the file has no rows${skiprows > 0 ? ` after the ${skiprows} to skip` : ''}`;
    throw new BeliefFileError({ file: this.file }, reason);
  }

  private readRow(fields: Fields, line: number, plan: ColumnPlan): void {
    const { cells, summary } = this;
    summary.rowsRead++;
    for (const { column, value } of plan.filters) {
      if (cells.equals(fields, column, value)) continue;
      summary.rowsFiltered++;
      return;
    }
    const value = cells.readValue(fields, plan.value);
    const hasValue = value === value;
    if (cells.wasAmbiguous) summary.valuesAmbiguous++;
    if (!hasValue && this.isTextRow(fields, line, plan)) return;
    const beliefTime = plan.belief < 0 ? NaN : cells.readBeliefTime(fields, plan.belief);
    if (hasValue && plan.belief >= 0 && cells.wasAmbiguous) summary.beliefTimesAmbiguous++;
    // Rows without a value also count in the order that resolves the repeated hour.
    const eventStart =
      plan.dates.length === 1
        ? cells.readEventStart(fields, plan.date, beliefTime)
        : cells.readJoinedEventStart(fields, plan.dates, beliefTime);
    if (!this.bad.isEmpty) this.bad.addData();
    if (!hasValue) {
      summary.rowsWithoutValue++;
      if (this.options.keepRowsWithoutValue) this.collector.addWithoutValue(eventStart, beliefTime, line);
      return;
    }
    if (cells.wasAmbiguous) summary.rowsAmbiguous++;
    const added = this.collector.add(eventStart, value, beliefTime, line);
    if (added === 'added') summary.rowsKept++;
    else if (added === 'repeated') summary.rowsDuplicated++;
    else throw this.conflictError(added, value, line, plan);
  }

  private conflictError(
    earlier: RowConflict,
    value: number,
    line: number,
    plan: ColumnPlan,
  ): BeliefFileError {
    const columnName = plan.names?.[plan.value];
    return new BeliefFileError(
      { file: this.file, line, column: plan.value + 1, columnName },
      `the value ${value} is about the same event as the value ${earlier.value} of line ${earlier.line}: filter the ` +
        'rows by a column in which these lines differ, or choose which value to keep (first, last, mean or sum)',
    );
  }

  /** Whether a row without a value has no date either, as lines with totals and notes, and blank lines at the end. */
  private isTextRow(fields: Fields, line: number, plan: ColumnPlan): boolean {
    const date = fields.text(plan.date);
    const isBlank = plan.dates.every((cell) => this.cells.isMissing(fields.text(cell)));
    if (isBlank) {
      this.summary.rowsWithoutValue++;
      return true;
    }
    if (plan.dates.length > 1 || this.cells.isDateTime(date)) return false;
    const error = this.cells.dateError(date, plan.date);
    this.addBadRow(fields, this.createError(error, line), plan);
    return true;
  }

  /** Adds a row that is no data: a repeated header, a comment, text that may end the file, or a bad row. */
  private addBadRow(fields: Fields, error: BeliefFileError, plan: ColumnPlan): void {
    const date = fields.text(plan.date);
    const isHeader = plan.names !== undefined && date !== '' && date === plan.names[plan.date];
    if (isHeader || fields.text(0).startsWith('#')) this.summary.rowsOfText++;
    else if (this.cells.isText(date) && this.cells.isText(fields.text(plan.value))) this.bad.addText(error);
    else this.bad.add(error);
  }

  /** Whether a row is above the header. The header has the names of the columns in the options. */
  private isAboveHeader(fields: Fields, line: number): boolean {
    const { options, summary } = this;
    if (options.skiprows !== undefined || hasWantedNames(options, fields.texts()) !== false) return false;
    if (summary.linesAboveHeader === 0) this.headerError = this.findHeaderError(fields, line);
    if (++summary.linesAboveHeader > MAX_ROWS_ABOVE_HEADER) throw this.headerError as Error;
    return true;
  }

  private findHeaderError(fields: Fields, line: number): unknown {
    try {
      this.findColumns(fields, line);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private findColumns(fields: Fields, line: number): ReturnType<typeof planColumns> {
    return planColumns(this.options, {
      file: this.file,
      line,
      first: fields.texts(),
      skipped: this.skipped,
      looksLikeHeader: (date, value) => this.cells.looksLikeHeader(date, value),
    });
  }

  /** Determines the columns with the first row; true if it is a header. */
  private determineColumns(fields: Fields, line: number): boolean {
    const { plan, firstIsHeader } = this.findColumns(fields, line);
    this.plan = plan;
    this.summary.columns = plan.names;
    this.summary.eventStartColumn = plan.date;
    this.summary.valueColumn = plan.value;
    return firstIsHeader;
  }

  private createError({ cell, reason }: CellError, line: number): BeliefFileError {
    const columnName = this.plan?.names?.[cell];
    return new BeliefFileError({ file: this.file, line, column: cell + 1, columnName }, reason);
  }
}
