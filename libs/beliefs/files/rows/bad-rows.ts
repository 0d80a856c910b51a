import type { BeliefFileSummary } from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';

/** Maximum number of bad rows in a message. */
const MAX_SHOWN = 5;

/** Number of rows after a bad one in which further ones are looked for. */
const LOOK_AHEAD_ROWS = 1000;

/** Maximum number of lines of text after the table. */
const MAX_TEXT_AFTER = 100;

/** Collects the rows of a file that are neither data nor a missing value. Text after the last row of data is allowed. */
export class BadRows {
  /** Whether there are rows to report or to judge. */
  isEmpty = true;
  private readonly errors: BeliefFileError[] = [];
  private rowsAtFirst = 0;
  /** Rows of text that are allowed if no data follows. */
  private texts: BeliefFileError[] = [];

  /** @param skips whether bad rows are counted instead of reported */
  constructor(
    private readonly summary: BeliefFileSummary,
    private readonly skips: boolean,
  ) {}

  /** Adds a row that cannot be read. @throws BeliefFileError if there are enough to report */
  add(error: BeliefFileError): void {
    const { summary } = this;
    this.addTexts();
    summary.rowsBad++;
    summary.firstBadRow ??= error.message;
    if (this.skips) return;
    if (this.isEmpty) this.rowsAtFirst = summary.rowsRead;
    this.isEmpty = false;
    this.errors.push(error);
    if (this.errors.length >= MAX_SHOWN) this.report(' and perhaps others');
  }

  /** Adds a row of text. It is a bad row if data follows. */
  addText(error: BeliefFileError): void {
    this.isEmpty = false;
    this.texts.push(error);
    if (this.texts.length > MAX_TEXT_AFTER) this.addTexts();
  }

  /** Call this after each row of data, unless `isEmpty`. @throws BeliefFileError */
  addData(): void {
    this.addTexts();
    if (this.errors.length > 0 && this.summary.rowsRead - this.rowsAtFirst >= LOOK_AHEAD_ROWS) this.report();
  }

  /** Call this at the end of the file. @throws BeliefFileError */
  finish(): void {
    const { rowsKept, rowsWithoutValue, rowsDuplicated } = this.summary;
    if (rowsKept + rowsWithoutValue + rowsDuplicated === 0) this.addTexts();
    this.summary.rowsOfText += this.texts.length;
    if (this.errors.length > 0) this.report();
  }

  private addTexts(): void {
    const { texts } = this;
    if (texts.length === 0) return;
    this.texts = [];
    this.isEmpty = this.errors.length === 0;
    for (const text of texts) this.add(text);
  }

  private report(others = ''): never {
    const [first, ...rest] = this.errors;
    const reasons = [first!.reason, ...rest.map((error) => error.describeInFile())];
    const advice = rest.length > 0 ? `${others}: correct these rows, or skip bad rows` : '';
    throw new BeliefFileError(first!.place, reasons.join('; ') + advice);
  }
}
