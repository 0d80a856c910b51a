import type { BeliefFileBatch } from '../format/belief-file';
import { EventStartSet } from './event-start-set';

/**
 * Maximum number of remembered belief times (the most recent ones). Files are ordered by belief time or event, so this is
 * sufficient; other repetitions are found when the beliefs are saved.
 */
const MAX_BELIEF_TIMES = 4096;

/** Maximum number of stored event starts out of order. Further repetitions are found when the beliefs are saved. */
const MAX_OUT_OF_ORDER = 262_144;

/** Collects rows in batches and omits rows that repeat an event start and belief time. */
export class RowCollector {
  /** Complete batches, oldest first. The consumer removes them. */
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

  /** Adds a row; false if it was omitted. Times are epoch ms; `beliefTime` is NaN if unknown. */
  add(eventStart: number, value: number, beliefTime: number, line: number): boolean {
    if (!this.getEventStarts(beliefTime).add(eventStart)) return false;
    this.push(eventStart, value, beliefTime, line);
    return true;
  }

  /** Adds a row without a value. It does not count as a repetition of a later row. */
  addWithoutValue(eventStart: number, beliefTime: number, line: number): void {
    this.push(eventStart, NaN, beliefTime, line);
  }

  /** Completes the last, smaller batch. */
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

  private getEventStarts(beliefTime: number): EventStartSet {
    if (Object.is(beliefTime, this.lastBeliefTime)) return this.lastSeen;
    const seen = this.seen.get(beliefTime) ?? new EventStartSet(this.room);
    // A map keeps its keys in insertion order: the first key is the least recently used one.
    this.seen.delete(beliefTime);
    this.seen.set(beliefTime, seen);
    if (this.seen.size > MAX_BELIEF_TIMES) this.evictHalf();
    this.lastBeliefTime = beliefTime;
    this.lastSeen = seen;
    return seen;
  }

  private evictHalf(): void {
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
