import type { BeliefFileBatch, KeepRule } from '../format/belief-file';
import { EventStartSet } from './event-start-set';
import { GrowingColumn } from './growing-column';

/**
 * Maximum number of remembered belief times (the most recent ones). Files are ordered by belief time or event, so this is
 * sufficient; other repetitions are found when the beliefs are saved.
 */
const MAX_BELIEF_TIMES = 4096;

/** Maximum number of stored event starts out of order. Further repetitions are found when the beliefs are saved. */
const MAX_OUT_OF_ORDER = 262_144;

/** A row repeats the event start and belief time of an earlier row with another value. */
export interface RowConflict {
  /** Line and value of the earlier row. */
  line: number;
  value: number;
}

/**
 * Collects rows in batches and omits rows that repeat an event start and belief time. With the rules `last`, `mean` and `sum`
 * a later row changes an earlier one, so that all batches wait for the end of the file.
 */
export class RowCollector {
  /** Complete batches, oldest first. The consumer removes them. */
  readonly ready: BeliefFileBatch[] = [];
  private length = 0;
  private batch: BeliefFileBatch;
  private readonly seen = new Map<number, EventStartSet>();
  private lastBeliefTime = NaN;
  private readonly room = { left: MAX_OUT_OF_ORDER };
  private lastSeen = new EventStartSet(this.room);

  /** Values and lines of all rows, by row number. */
  private readonly values = new GrowingColumn((length) => new Float64Array(length));
  private readonly lines = new GrowingColumn((length) => new Int32Array(length));
  /** How many rows were joined into one, by its row number. */
  private readonly joined = new Map<number, number>();
  private readonly waiting: BeliefFileBatch[] = [];
  private readonly waits: boolean;

  /** @param keep what becomes of rows that repeat an earlier one with another value; undefined: they are a conflict */
  constructor(
    private readonly batchSize: number,
    private readonly keep?: KeepRule,
  ) {
    this.waits = keep !== undefined && keep !== 'first';
    this.batch = emptyBatch(batchSize);
    this.seen.set(NaN, this.lastSeen);
  }

  /**
   * Adds a row. Times are epoch ms; `beliefTime` is NaN if unknown.
   *
   * @returns whether the row was added, is a repetition that was omitted or joined, or a conflict
   */
  add(
    eventStart: number,
    value: number,
    beliefTime: number,
    line: number,
  ): 'added' | 'repeated' | RowConflict {
    const earlier = this.getEventStarts(beliefTime).add(eventStart, this.values.length);
    if (earlier < 0) {
      this.push(eventStart, value, beliefTime, line);
      return 'added';
    }
    if (this.waits) this.join(earlier, value);
    else if (this.keep === undefined && this.values.get(earlier) !== value)
      return { line: this.lines.get(earlier), value: this.values.get(earlier) };
    return 'repeated';
  }

  /** Applies the rule to an earlier row and a repetition, also to one with an equal value: a sum counts it. */
  private join(row: number, value: number): void {
    const before = this.values.get(row);
    const count = this.joined.get(row) ?? 1;
    if (this.keep === 'last') this.values.set(row, value);
    else if (this.keep === 'sum') this.values.set(row, before + value);
    else this.values.set(row, before + (value - before) / (count + 1));
    this.joined.set(row, count + 1);
  }

  /** Adds a row without a value. It does not count as a repetition of a later row. */
  addWithoutValue(eventStart: number, beliefTime: number, line: number): void {
    this.push(eventStart, NaN, beliefTime, line);
  }

  /** Completes the last, smaller batch. */
  finish(): void {
    if (this.length > 0) this.finishBatch();
    let row = 0;
    for (const batch of this.waiting) {
      for (let i = 0; i < batch.values.length; i++) batch.values[i] = this.values.get(row++);
    }
    for (let batch = this.waiting.shift(); batch; batch = this.waiting.shift()) this.ready.push(batch);
  }

  private push(eventStart: number, value: number, beliefTime: number, line: number): void {
    const { batch, length } = this;
    batch.eventStarts[length] = eventStart;
    batch.values[length] = value;
    batch.beliefTimes[length] = beliefTime;
    batch.lines[length] = line;
    this.values.push(value);
    this.lines.push(line);
    this.length = length + 1;
    if (this.length === this.batchSize) this.finishBatch();
  }

  private finishBatch(): void {
    const { eventStarts, values, beliefTimes, lines } = this.batch;
    (this.waits ? this.waiting : this.ready).push({
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
