import type { LocalTime, ZoneClock } from '#lib/time';

/** Of so many belief times it is remembered where in the hour that comes twice their last rows were placed. */
const MAX_BELIEF_TIMES = 4096;

type AmbiguousTime = Extract<LocalTime, { kind: 'ambiguous' }>;

/** Where the last row of a belief time was placed. */
interface Placed {
  localMs: number;
  isSecond: boolean;
}

/** Turns wall-clock times into instants that have nothing to do with each other: the first of two. */
export class FirstOccurrence {
  /** Whether the last time was one of two possible instants. */
  wasAmbiguous = false;

  constructor(private readonly clock: ZoneClock) {}

  /** @returns epoch ms, or NaN when the local clock skips that time; `localMs` is written as if it were UTC */
  toInstant(localMs: number): number {
    const found = this.clock.localToInstant(localMs);
    this.wasAmbiguous = found.kind === 'ambiguous';
    if (found.kind === 'missing') return NaN;
    return found.kind === 'ambiguous' ? found.first : found.instantMs;
  }
}

/**
 * Turns wall-clock times of a file into instants, in the file's order.
 *
 * An hour that the local clock shows twice (end of daylight saving time) is resolved from that order: as long as times
 * go on in the direction of the rows before, they belong to the same hour; a step back, or the same time once more,
 * begins the other one. In rows from old to new the first series is the first hour, otherwise the second.
 *
 * Files with belief times go through them run by run (all events believed in at one time, then at the next), or event
 * by event (all beliefs about one event, then about the next). The same time once more is the next event only for the
 * same belief time, and a new run begins its series anew.
 */
export class Localiser {
  /** Whether the last time was one of two possible instants. */
  wasAmbiguous = false;
  private lastMs = NaN;
  private isAscending = true;
  /** Whether rows of one belief time have shown the direction; between those of two it may mean nothing. */
  private knowsDirection = false;
  private isSecond = false;
  private beliefTime = NaN;
  /** Rows of this belief time that follow each other. */
  private runLength = 0;
  /** How long after its belief time the first event of the run starts, ms. */
  private runLagMs = NaN;
  private readonly placed = new Map<number, Placed>();

  /** @param repeats whether the same time once more is its next occurrence instead of the same moment */
  constructor(
    private readonly clock: ZoneClock,
    private readonly repeats = true,
  ) {}

  /**
   * @param localMs wall-clock time written as if it were UTC
   * @param beliefTime of the row, epoch ms; NaN when the file has none
   * @returns epoch ms, or NaN when the local clock skips that time
   */
  toInstant(localMs: number, beliefTime = NaN): number {
    const isNewRun = !Object.is(beliefTime, this.beliefTime);
    if (!isNewRun && localMs !== this.lastMs && !this.wasAmbiguous) this.takeDirection(localMs);
    const found = this.clock.localToInstant(localMs);
    const instantMs =
      found.kind === 'ambiguous'
        ? this.place(localMs, found, beliefTime, isNewRun)
        : found.kind === 'unique'
          ? found.instantMs
          : NaN;
    if (isNewRun) {
      this.beliefTime = beliefTime;
      this.runLength = 0;
      this.runLagMs = instantMs - beliefTime;
    }
    this.runLength++;
    this.wasAmbiguous = found.kind === 'ambiguous';
    this.lastMs = localMs;
    return instantMs;
  }

  private takeDirection(localMs: number): void {
    if (Number.isNaN(this.lastMs)) return;
    this.isAscending = localMs > this.lastMs;
    this.knowsDirection = true;
  }

  private place(localMs: number, found: AmbiguousTime, beliefTime: number, isNewRun: boolean): number {
    if (!this.wasAmbiguous) this.placed.clear();
    this.isSecond =
      isNewRun && this.runLength > 1
        ? this.isRunInSecond(found, beliefTime)
        : this.isNextInSecond(localMs, beliefTime, isNewRun);
    this.remember(beliefTime, { localMs, isSecond: this.isSecond });
    return this.isSecond ? found.second : found.first;
  }

  /** Whether a run of rows begins in the second hour: if that is as long after its belief time as it was for the last run. */
  private isRunInSecond({ first, second }: AmbiguousTime, beliefTime: number): boolean {
    const isAsLate = (instant: number): boolean =>
      Math.abs(instant - beliefTime - this.runLagMs) < (second - first) / 2;
    if (isAsLate(first)) return false;
    return isAsLate(second) || !this.isAscending;
  }

  /** Whether a row that goes on from the one before is in the second hour. */
  private isNextInSecond(localMs: number, beliefTime: number, isNewRun: boolean): boolean {
    if (!this.wasAmbiguous) {
      if (isNewRun && !this.knowsDirection) this.isAscending = !(localMs < this.lastMs);
      return !this.isAscending;
    }
    const { isSecond } = this;
    if (localMs === this.lastMs) {
      const placed = this.placed.get(beliefTime);
      const isNext = this.repeats && placed?.localMs === localMs && placed.isSecond === isSecond;
      return isNext ? !isSecond : isSecond;
    }
    const stepsBack = this.isAscending ? localMs < this.lastMs : localMs > this.lastMs;
    return stepsBack ? !isSecond : isSecond;
  }

  private remember(beliefTime: number, placed: Placed): void {
    this.placed.set(beliefTime, placed);
    // A map keeps the order in which keys came.
    if (this.placed.size > MAX_BELIEF_TIMES) this.placed.delete(this.placed.keys().next().value!);
  }
}
