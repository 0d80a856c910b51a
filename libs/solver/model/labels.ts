import { GrowableArray } from './growable-array';

/** Columns and rows with one label are told apart up to this number. */
const perLabel = 8;

/** What columns and rows stand for: a key that is the same in similar programs, and the step they belong to. */
export interface Labels {
  columns: LabelList;
  rows: LabelList;
}

export interface LabelList {
  /** Not negative. */
  keys: Int32Array;
  steps: Int32Array;
}

/** Records the labels of columns and rows while they are added. */
export class LabelRecorder {
  private kind = 0;
  private step = 0;
  private readonly columns = new ListRecorder();
  private readonly rows = new ListRecorder();

  /** The label of all columns and rows that follow. */
  set(kind: number, step: number): void {
    this.kind = kind;
    this.step = step;
    this.columns.count = this.rows.count = 0;
  }

  addColumn = (): void => this.columns.add(this.kind, this.step);

  addRow = (): void => this.rows.add(this.kind, this.step);

  toLabels = (): Labels => ({ columns: this.columns.toList(), rows: this.rows.toList() });
}

class ListRecorder {
  /** Number of entries since the label was set. */
  count = 0;
  private readonly keys = new GrowableArray(new Int32Array(64));
  private readonly steps = new GrowableArray(new Int32Array(64));

  add(kind: number, step: number): void {
    this.keys.push(kind * perLabel + Math.min(this.count, perLabel - 1));
    this.steps.push(step);
    this.count++;
  }

  toList = (): LabelList => ({ keys: this.keys.toArray(), steps: this.steps.toArray() });
}
