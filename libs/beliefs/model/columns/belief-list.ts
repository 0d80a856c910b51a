import { emptyBeliefColumns, type BeliefColumns } from './belief-columns';
import type { Distribution } from './distribution';

/** Belief columns of a length that is not known in advance. */
export class BeliefList {
  private columns = emptyBeliefColumns(1024);
  private length = 0;

  /** Adds one belief: a row for each known point of its distribution. */
  add(
    { eventStart, horizon, sourceId }: { eventStart: number; horizon: number; sourceId: number },
    { values, cumulative }: Distribution,
  ): void {
    while (this.length + values.length > this.columns.values.length) this.enlarge();
    const { columns } = this;
    for (let point = 0; point < values.length; point++) {
      const row = this.length++;
      columns.eventStarts[row] = eventStart;
      columns.beliefHorizons[row] = horizon;
      columns.sourceIds[row] = sourceId;
      columns.values[row] = values[point]!;
      columns.cumulativeProbabilities[row] = cumulative[point]!;
    }
  }

  /** The beliefs in the order in which they were added. */
  toColumns(): BeliefColumns {
    const { columns, length } = this;
    return {
      eventStarts: columns.eventStarts.subarray(0, length),
      beliefHorizons: columns.beliefHorizons.subarray(0, length),
      sourceIds: columns.sourceIds.subarray(0, length),
      cumulativeProbabilities: columns.cumulativeProbabilities.subarray(0, length),
      values: columns.values.subarray(0, length),
    };
  }

  private enlarge(): void {
    const larger = emptyBeliefColumns(2 * this.columns.values.length);
    larger.eventStarts.set(this.columns.eventStarts);
    larger.beliefHorizons.set(this.columns.beliefHorizons);
    larger.sourceIds.set(this.columns.sourceIds);
    larger.values.set(this.columns.values);
    larger.cumulativeProbabilities.set(this.columns.cumulativeProbabilities);
    this.columns = larger;
  }
}
