import { DomainError } from '#lib/errors';
import { pickBeliefs, type BeliefColumns } from '../model';

/** Beliefs on their way in, batch by batch, with a look at what is to come. */
export class BeliefStream {
  private readonly waiting: BeliefColumns[] = [];
  private ended = false;

  constructor(private readonly batches: AsyncIterator<BeliefColumns>) {}

  static of(beliefs: BeliefColumns | AsyncIterable<BeliefColumns>): BeliefStream {
    return new BeliefStream(('values' in beliefs ? once(beliefs) : beliefs)[Symbol.asyncIterator]());
  }

  /** All that is left if that is at most `maxRows`; undefined, and nothing lost, if it is more. */
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

  /** The batches that are left. */
  async *rest(): AsyncGenerator<BeliefColumns> {
    for (let batch = await this.next(); batch; batch = await this.next()) yield batch;
  }

  /** Batches as long as every event starts later than the one before; what comes then stays in the stream. */
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
    if (next.done !== true) return withoutMissing(next.value);
    this.ended = true;
    return undefined;
  }
}

/** Whether the beliefs are about different events, in order of their starts. */
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
 * A missing value holds its place in a series that is sent, but is no belief.
 *
 * @throws DomainError INVALID_VALUES for an infinite one, which no later reader could reckon with
 */
export function withoutMissing(beliefs: BeliefColumns): BeliefColumns {
  if (beliefs.values.some((value) => Math.abs(value) === Infinity)) {
    throw new DomainError('INVALID_VALUES', 'A value is too large for a number.', 'values');
  }
  if (!beliefs.values.some(Number.isNaN)) return beliefs;
  const rows = Array.from(beliefs.values.keys()).filter((row) => !Number.isNaN(beliefs.values[row]));
  return pickBeliefs(beliefs, rows);
}

const slice = (beliefs: BeliefColumns, from: number, to: number): BeliefColumns =>
  pickBeliefs(
    beliefs,
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  );

async function* once(beliefs: BeliefColumns): AsyncIterable<BeliefColumns> {
  yield await Promise.resolve(beliefs);
}
