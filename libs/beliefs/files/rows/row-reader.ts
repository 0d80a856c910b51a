import { BadCell, CellReader } from '../cells/cell-reader';
import type { Fields } from '../cells/fields';
import type { BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import { planColumns, type ColumnPlan } from './columns';
import type { RowCollector } from './row-collector';

/** Makes beliefs of rows, whatever kind of file they come from; rows are given in the file's order. */
export class RowReader {
  private plan: ColumnPlan | undefined;
  private readonly cells: CellReader;
  private readonly mostRows: number;

  /** @param skipped cells of the last line that was skipped, which may be a header */
  constructor(
    private readonly file: string,
    private readonly options: BeliefFileOptions,
    private readonly collector: RowCollector,
    private readonly summary: BeliefFileSummary,
    private readonly skipped?: readonly string[],
  ) {
    this.cells = new CellReader(options);
    this.mostRows = options.nrows ?? Infinity;
  }

  /** Whether as many rows as asked have been read. */
  get isDone(): boolean {
    return this.summary.rowsRead >= this.mostRows;
  }

  /** The last column that is needed; undefined until the first row has told which are. */
  get lastColumn(): number | undefined {
    if (!this.plan) return undefined;
    const { date, value, belief, filters } = this.plan;
    // A row of one cell counts as blank when that is; whoever cuts rows must not make it so.
    return Math.max(1, date, value, belief, ...filters.map(({ column }) => column));
  }

  /**
   * Reads one row; blank rows are passed over.
   *
   * @param line of the file, counted from 1
   * @throws BeliefFileError
   */
  read(fields: Fields, line: number): void {
    if (fields.count <= 1 && (fields.count === 0 || !fields.trim(0))) return;
    if (!this.plan) {
      const isHeader = this.start(fields, line);
      if (isHeader) return;
    }
    if (this.isDone) return;
    try {
      this.readRow(fields, line, this.plan!);
    } catch (error) {
      throw error instanceof BadCell ? this.located(error, line) : error;
    }
  }

  /** Tells that the file has ended. @throws BeliefFileError when there was no row in it, not even a header */
  assertAny(): void {
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
    const value = cells.value(fields, plan.value);
    const hasValue = value === value;
    if (cells.wasAmbiguous) summary.valuesAmbiguous++;
    if (!hasValue) summary.rowsWithoutValue++;
    // A total line or a blank tail has neither date nor value.
    if (!hasValue && !cells.isDateTime(fields.text(plan.date))) return;
    const beliefTime = plan.belief < 0 ? NaN : cells.beliefTime(fields, plan.belief);
    if (hasValue && plan.belief >= 0 && cells.wasAmbiguous) summary.beliefTimesAmbiguous++;
    // Rows without a value count, too, in the order that tells the two hours at the end of summer time apart.
    const eventStart = cells.eventStart(fields, plan.date, beliefTime);
    if (!hasValue) {
      if (this.options.holdPlaces) this.collector.holdPlace(eventStart, beliefTime, line);
      return;
    }
    if (cells.wasAmbiguous) summary.rowsAmbiguous++;
    if (this.collector.add(eventStart, value, beliefTime, line)) summary.rowsKept++;
    else summary.rowsDuplicated++;
  }

  /** Settles the columns by the first row; true when that is a header. */
  private start(fields: Fields, line: number): boolean {
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

  private located({ cell, reason }: BadCell, line: number): BeliefFileError {
    const columnName = this.plan?.names?.[cell];
    return new BeliefFileError({ file: this.file, line, column: cell + 1, columnName }, reason);
  }
}
