import { DomainError } from '#lib/errors';
import { pickBeliefs, withoutUnknown, type BeliefColumns } from '../model';

/** Incoming beliefs, batch by batch; can look ahead. */
export class BeliefStream {
  /** Batches that were read ahead. */
  private readonly waiting: BeliefColumns[] = [];
  private ended = false;

  constructor(private readonly batches: AsyncIterator<BeliefColumns>) {}

  static of(beliefs: BeliefColumns | AsyncIterable<BeliefColumns>): BeliefStream {
    return new BeliefStream(('values' in beliefs ? once(beliefs) : beliefs)[Symbol.asyncIterator]());
  }

  /** All remaining beliefs if they are at most `maxRows`; undefined if they are more, which then stay in the stream. */
  async takeAllUpTo(maxRows: number): Promise<BeliefColumns[] | undefined> {
    let rows = 0;
    for (const batch of this.waiting) rows += batch.values.length;
    while (rows <= maxRows) {
      const batch = await this.read();
      if (!batch) return this.waiting.splice(0);
      this.waiting.push(batch);
      rows += batch.values.length;
    }
    return undefined;
  }

  /** The remaining batches. */
  async *rest(): AsyncGenerator<BeliefColumns> {
    for (let batch = await this.next(); batch; batch = await this.next()) yield batch;
  }

  /** Batches up to the first event that does not start later than the one before; the rest stays in the stream. */
  async *ascendingPart(): AsyncGenerator<BeliefColumns> {
    let latest = -Infinity;
    for (let batch = await this.next(); batch; batch = await this.next()) {
      const rows = countAscending(batch.eventStarts, latest);
      if (rows < batch.values.length) {
        if (rows > 0) yield slice(batch, 0, rows);
        this.waiting.unshift(slice(batch, rows, batch.values.length));
        return;
      }
      latest = batch.eventStarts[rows - 1] ?? latest;
      yield batch;
    }
  }

  private async next(): Promise<BeliefColumns | undefined> {
    return this.waiting.shift() ?? (await this.read());
  }

  private async read(): Promise<BeliefColumns | undefined> {
    if (this.ended) return undefined;
    const next = await this.batches.next();
    if (next.done !== true) return beliefsToSave(next.value);
    this.ended = true;
    return undefined;
  }
}

/** Whether the beliefs are about different events, ordered by event start. */
export function isAscending(parts: BeliefColumns[]): boolean {
  let latest = -Infinity;
  for (const { eventStarts } of parts) {
    if (countAscending(eventStarts, latest) < eventStarts.length) return false;
    latest = eventStarts[eventStarts.length - 1] ?? latest;
  }
  return true;
}

function countAscending(eventStarts: Float64Array, latest: number): number {
  let previous = latest;
  for (let i = 0; i < eventStarts.length; i++) {
    if (!(eventStarts[i]! > previous)) return i;
    previous = eventStarts[i]!;
  }
  return eventStarts.length;
}

/**
 * The beliefs to save: NaN holds the place of an unknown value in a posted series and is left out.
 *
 * @throws DomainError INVALID_VALUES for an infinite value, which readers could not calculate with
 */
export function beliefsToSave(beliefs: BeliefColumns): BeliefColumns {
  const { values } = beliefs;
  for (let row = 0; row < values.length; row++) {
    if (Math.abs(values[row]!) === Infinity)
      throw new DomainError('INVALID_VALUES', 'A value is too large for a number.', 'values');
  }
  return withoutUnknown(beliefs);
}

const slice = (beliefs: BeliefColumns, from: number, to: number): BeliefColumns =>
  pickBeliefs(
    beliefs,
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  );

async function* once(beliefs: BeliefColumns): AsyncIterable<BeliefColumns> {
  yield await Promise.resolve(beliefs);
}
