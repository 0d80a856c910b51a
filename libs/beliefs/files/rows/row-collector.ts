import type { BeliefFileBatch } from '../format/belief-file';
import { EventStartSet } from './event-start-set';

/**
 * Up to so many belief times are remembered, those met last. A file goes from one to the next; where a row repeats one from
 * further back, saving finds it.
 */
const MAX_BELIEF_TIMES = 4096;

/** Up to so many event starts out of order are remembered, the first ones; what repeats others, saving finds. */
const MAX_OUT_OF_ORDER = 262_144;

/** Gathers rows into batches, leaving out those that repeat an event start and belief time. */
export class RowCollector {
  /** Full batches, oldest first; whoever takes them empties the list. */
  readonly ready: BeliefFileBatch[] = [];
  private length = 0;
  private batch: BeliefFileBatch;
  private readonly seen = new Map<number, EventStartSet>();
  private lastBeliefTime = NaN;
  private readonly room = { left: MAX_OUT_OF_ORDER };
  private lastSeen = new EventStartSet(this.room);

  constructor(private readonly batchSize: number) {
    this.batch = emptyBatch(batchSize);
    this.seen.set(NaN, this.lastSeen);
  }

  /** Adds a row; false when it was left out. Times in epoch ms, `beliefTime` NaN when unknown. */
  add(eventStart: number, value: number, beliefTime: number, line: number): boolean {
    if (!this.seenAt(beliefTime).add(eventStart)) return false;
    this.push(eventStart, value, beliefTime, line);
    return true;
  }

  /** Adds a row without a value, which does not keep a later one from being added. */
  holdPlace(eventStart: number, beliefTime: number, line: number): void {
    this.push(eventStart, NaN, beliefTime, line);
  }

  /** Makes what has been gathered so far a last, smaller batch. */
  finish(): void {
    if (this.length > 0) this.finishBatch();
  }

  private push(eventStart: number, value: number, beliefTime: number, line: number): void {
    const { batch, length } = this;
    batch.eventStarts[length] = eventStart;
    batch.values[length] = value;
    batch.beliefTimes[length] = beliefTime;
    batch.lines[length] = line;
    this.length = length + 1;
    if (this.length === this.batchSize) this.finishBatch();
  }

  private finishBatch(): void {
    const { eventStarts, values, beliefTimes, lines } = this.batch;
    this.ready.push({
      eventStarts: eventStarts.subarray(0, this.length),
      values: values.subarray(0, this.length),
      beliefTimes: beliefTimes.subarray(0, this.length),
      lines: lines.subarray(0, this.length),
    });
    this.batch = emptyBatch(this.batchSize);
    this.length = 0;
  }

  private seenAt(beliefTime: number): EventStartSet {
    if (Object.is(beliefTime, this.lastBeliefTime)) return this.lastSeen;
    const seen = this.seen.get(beliefTime) ?? new EventStartSet(this.room);
    // A map keeps the order in which keys came: the first one is the one met longest ago.
    this.seen.delete(beliefTime);
    this.seen.set(beliefTime, seen);
    if (this.seen.size > MAX_BELIEF_TIMES) this.forgetHalf();
    this.lastBeliefTime = beliefTime;
    this.lastSeen = seen;
    return seen;
  }

  private forgetHalf(): void {
    for (const [beliefTime, seen] of this.seen) {
      seen.release();
      this.seen.delete(beliefTime);
      if (this.seen.size <= MAX_BELIEF_TIMES / 2) break;
    }
  }
}

function emptyBatch(size: number): BeliefFileBatch {
  return {
    eventStarts: new Float64Array(size),
    values: new Float64Array(size),
    beliefTimes: new Float64Array(size),
    lines: new Int32Array(size),
  };
}
