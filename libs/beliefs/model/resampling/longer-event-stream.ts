import type { Pausable } from '#lib/concurrency';
import { ceilToStep, eventEnds, floorToStep } from '#lib/time';
import { forEachJointBelief, joinValues, type PartRows } from './longer-events';
import { countParts, wholeAmount, type PartialRule } from './partial-amounts';
import { RowWindow } from './row-window';
import type { Aggregation } from './aggregation';

/** Most rows that wait for the end of their longer event; more would take too much memory. */
export const MAX_WAITING_ROWS = 1_000_000;

/**
 * Each belief time about a long event takes a sum over its parts. So many values are added up at a time, when enough rows
 * wait.
 */
const MAX_ADDITIONS = 50_000_000;

/** Deterministic beliefs of one source: what it believed about events, and from when on. */
export interface TimedValues {
  /** Epoch ms. */
  eventStarts: Float64Array;
  values: Float64Array;
  /** Epoch ms; NaN where unknown. */
  beliefTimes: Float64Array;
}

/** How short events become longer ones. */
export interface Lengthening {
  /** Length of the short events, ms. */
  fromMs: number;
  /** Length of the longer events, ms: a multiple of `fromMs`. */
  toMs: number;
  aggregation: Aggregation;
  /** IANA zone on whose clock the longer events start. */
  zone: string;
  /** What the amount of a longer event is if only some of its parts are known; unknown by default, and left out then. */
  partial?: PartialRule;
}

/**
 * Why a row cannot be added: its longer event was given out before, it reaches beyond the end of that event, or
 * `MAX_WAITING_ROWS` wait already for the end of theirs.
 */
export type RowProblem =
  { kind: 'too late' } | { kind: 'crosses end'; longerEndMs: number } | { kind: 'too many' };

/**
 * Brings the deterministic beliefs of one source onto longer events, row by row and in bounded memory: rows about one
 * longer event must not be far apart. See `forEachJointBelief` for which beliefs follow. Unknown belief times count as
 * the latest.
 */
export class LongerEventStream {
  /** Number of longer events of whose amount only a part is known, among those that were taken. */
  partialEvents = 0;
  private readonly window: RowWindow;
  /** The longer event of the previous row. */
  private longerStart = NaN;
  private longerEnd = NaN;

  constructor(
    private readonly lengthening: Lengthening,
    maxRows?: number,
  ) {
    this.window = new RowWindow(maxRows);
  }

  /**
   * Adds a row.
   * @param beliefTime NaN if unknown
   * @returns the problem if the row cannot be added
   */
  add(eventStart: number, beliefTime: number, value: number): RowProblem | undefined {
    const { fromMs, toMs, zone } = this.lengthening;
    if (!(eventStart >= this.longerStart && eventStart < this.longerEnd)) {
      this.longerStart = floorToStep(eventStart, toMs, zone);
      this.longerEnd = ceilToStep(this.longerStart + 1, toMs, zone);
    }
    if (this.window.isPassed(this.longerStart)) return { kind: 'too late' };
    if (eventStart + fromMs > this.longerEnd && this.isCrossedBy(eventStart)) {
      return { kind: 'crosses end', longerEndMs: this.longerEnd };
    }
    if (this.window.size >= MAX_WAITING_ROWS) return { kind: 'too many' };
    this.window.add(this.longerStart, eventStart, beliefTime, value);
    return undefined;
  }

  /**
   * The longer events that are complete, once enough rows wait; undefined until then.
   * @throws TooManyPartsError
   */
  *takeComplete(): Pausable<TimedValues | undefined> {
    return this.window.isFull ? yield* this.join(yield* this.window.takeFirstHalf()) : undefined;
  }

  /** The remaining longer events; to be called after the last row. @throws TooManyPartsError */
  *takeRest(): Pausable<TimedValues> {
    return yield* this.join(yield* this.window.takeAll());
  }

  /** Whether an event reaches beyond the longer event: days may be shorter than their nominal length. */
  private isCrossedBy(eventStart: number): boolean {
    const { fromMs, zone } = this.lengthening;
    return eventEnds(Float64Array.of(eventStart), fromMs, zone)[0]! > this.longerEnd;
  }

  private countParts(longerStart: number): number {
    const { fromMs, toMs, zone } = this.lengthening;
    return countParts(longerStart, ceilToStep(longerStart + 1, toMs, zone), fromMs, zone);
  }

  private *join(rows: PartRows): Pausable<TimedValues> {
    const eventStarts: number[] = [];
    const values: number[] = [];
    const beliefTimes: number[] = [];
    let lastPartial = NaN;
    const visit = (latest: readonly number[], lastRow: number): void => {
      const beliefTime = rows.beliefTimes[lastRow]!;
      const longerStart = rows.longerStarts[lastRow]!;
      const joint = joinValues(rows.values, latest, this.lengthening.aggregation);
      const whole = this.lengthening.aggregation === 'mean' ? latest.length : this.countParts(longerStart);
      if (latest.length < whole && longerStart !== lastPartial) {
        this.partialEvents++;
        lastPartial = longerStart;
      }
      const value = wholeAmount(joint, latest.length, whole, this.lengthening.partial);
      if (Number.isNaN(value)) return;
      eventStarts.push(longerStart);
      values.push(value);
      beliefTimes.push(beliefTime === Infinity ? NaN : beliefTime);
    };
    yield* forEachJointBelief(rows, visit, MAX_ADDITIONS);
    return {
      eventStarts: Float64Array.from(eventStarts),
      values: Float64Array.from(values),
      beliefTimes: Float64Array.from(beliefTimes),
    };
  }
}
