import { CellError, CellReader } from '../cells/cell-reader';
import type { Fields } from '../cells/fields';
import type { BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { planColumns, type ColumnPlan } from './columns';
import type { RowCollector } from './row-collector';

/** Converts rows of any kind of file to beliefs. Rows must be given in the order of the file. */
export class RowReader {
  private plan: ColumnPlan | undefined;
  private readonly cells: CellReader;
  private readonly maxRows: number;

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
  }

  /** Whether the requested number of rows has been read. */
  get isDone(): boolean {
    return this.summary.rowsRead >= this.maxRows;
  }

  /** The last needed column; undefined before the first row. */
  get lastColumn(): number | undefined {
    if (!this.plan) return undefined;
    const { date, value, belief, filters } = this.plan;
    // At least 1, because a row that is cut to one blank cell would count as blank.
    return Math.max(1, date, value, belief, ...filters.map(({ column }) => column));
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
      const isHeader = this.determineColumns(fields, line);
      if (isHeader) return;
    }
    if (this.isDone) return;
    try {
      this.readRow(fields, line, this.plan!);
    } catch (error) {
      throw error instanceof CellError ? this.createError(error, line) : error;
    }
  }

  /** Call this at the end of the file. @throws BeliefFileError if there was no row, not even a header */
  assertHasRows(): void {
    if (this.plan || this.skipped || this.isDone) return;
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
    if (!hasValue) summary.rowsWithoutValue++;
    // Lines with totals and blank lines at the end have neither a date nor a value.
    if (!hasValue && !cells.isDateTime(fields.text(plan.date))) return;
    const beliefTime = plan.belief < 0 ? NaN : cells.readBeliefTime(fields, plan.belief);
    if (hasValue && plan.belief >= 0 && cells.wasAmbiguous) summary.beliefTimesAmbiguous++;
    // Rows without a value also count in the order that resolves the repeated hour.
    const eventStart = cells.readEventStart(fields, plan.date, beliefTime);
    if (!hasValue) {
      if (this.options.keepRowsWithoutValue) this.collector.addWithoutValue(eventStart, beliefTime, line);
      return;
    }
    if (cells.wasAmbiguous) summary.rowsAmbiguous++;
    if (this.collector.add(eventStart, value, beliefTime, line)) summary.rowsKept++;
    else summary.rowsDuplicated++;
  }

  /** Determines the columns with the first row; true if it is a header. */
  private determineColumns(fields: Fields, line: number): boolean {
    const { plan, firstIsHeader } = planColumns(this.options, {
      file: this.file,
      line,
      first: fields.texts(),
      skipped: this.skipped,
      looksLikeHeader: (date, value) => this.cells.looksLikeHeader(date, value),
    });
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
