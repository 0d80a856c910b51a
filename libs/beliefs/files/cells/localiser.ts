import type { LocalTime, ZoneClock } from '#lib/time';

/** Maximum number of belief times whose last row in a repeated hour is remembered. */
const MAX_BELIEF_TIMES = 4096;

type AmbiguousTime = Extract<LocalTime, { kind: 'ambiguous' }>;

/** The last row of a belief time in a repeated hour. */
interface Placement {
  localMs: number;
  isSecond: boolean;
}

/** Converts independent local times to instants. Of two possible instants, the first is used. */
export class FirstOccurrence {
  /** Whether the last local time occurs twice. */
  wasAmbiguous = false;

  constructor(private readonly clock: ZoneClock) {}

  /** @param localMs local time, as if it were UTC. @returns epoch ms; NaN for a skipped local time */
  toInstant(localMs: number): number {
    const found = this.clock.localToInstant(localMs);
    this.wasAmbiguous = found.kind === 'ambiguous';
    if (found.kind === 'missing') return NaN;
    return found.kind === 'ambiguous' ? found.first : found.instantMs;
  }
}

/**
 * Converts the local times of a file to instants, in the order of the file.
 *
 * A repeated hour (end of daylight saving time) is resolved with the order of the rows: while times continue in the direction
 * of the previous rows, they belong to the same hour; a step back or a repeated time starts the other hour. In ascending rows,
 * the first series is the first hour; in descending rows, the second.
 *
 * Files with belief times are ordered in runs (all events of one belief time, then of the next) or by event (all beliefs about
 * one event, then about the next). A repeated time is the next event only for the same belief time, and each run starts a new
 * series.
 */
export class Localiser {
  /** Whether the last local time occurs twice. */
  wasAmbiguous = false;
  private lastMs = NaN;
  private isAscending = true;
  /** Whether the direction is known from rows with the same belief time. Rows of different belief times do not show it. */
  private knowsDirection = false;
  private isSecond = false;
  private beliefTime = NaN;
  /** Number of consecutive rows with this belief time. */
  private runLength = 0;
  /** Time from the belief time to the first event of the run, ms. */
  private runLagMs = NaN;
  private readonly placements = new Map<number, Placement>();

  /** @param repeats whether a repeated time is its second occurrence instead of the same instant */
  constructor(
    private readonly clock: ZoneClock,
    private readonly repeats = true,
  ) {}

  /**
   * @param localMs local time, as if it were UTC
   * @param beliefTime belief time of the row, epoch ms; NaN if the file has none
   * @returns epoch ms; NaN for a skipped local time
   */
  toInstant(localMs: number, beliefTime = NaN): number {
    const isNewRun = !Object.is(beliefTime, this.beliefTime);
    if (!isNewRun && localMs !== this.lastMs && !this.wasAmbiguous) this.setDirection(localMs);
    const found = this.clock.localToInstant(localMs);
    const instantMs =
      found.kind === 'ambiguous'
        ? this.resolveAmbiguous(localMs, found, beliefTime, isNewRun)
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

  private setDirection(localMs: number): void {
    if (Number.isNaN(this.lastMs)) return;
    this.isAscending = localMs > this.lastMs;
    this.knowsDirection = true;
  }

  private resolveAmbiguous(
    localMs: number,
    found: AmbiguousTime,
    beliefTime: number,
    isNewRun: boolean,
  ): number {
    if (!this.wasAmbiguous) this.placements.clear();
    this.isSecond =
      isNewRun && this.runLength > 1
        ? this.isRunInSecond(found, beliefTime)
        : this.isRowInSecond(localMs, beliefTime, isNewRun);
    this.remember(beliefTime, { localMs, isSecond: this.isSecond });
    return this.isSecond ? found.second : found.first;
  }

  /** Whether a run starts in the second hour: if this gives the same time after the belief time as in the last run. */
  private isRunInSecond({ first, second }: AmbiguousTime, beliefTime: number): boolean {
    const isAsLate = (instant: number): boolean =>
      Math.abs(instant - beliefTime - this.runLagMs) < (second - first) / 2;
    if (isAsLate(first)) return false;
    return isAsLate(second) || !this.isAscending;
  }

  /** Whether the next row of a run is in the second hour. */
  private isRowInSecond(localMs: number, beliefTime: number, isNewRun: boolean): boolean {
    if (!this.wasAmbiguous) {
      if (isNewRun && !this.knowsDirection) this.isAscending = !(localMs < this.lastMs);
      return !this.isAscending;
    }
    const { isSecond } = this;
    if (localMs === this.lastMs) {
      const placed = this.placements.get(beliefTime);
      const isNext = this.repeats && placed?.localMs === localMs && placed.isSecond === isSecond;
      return isNext ? !isSecond : isSecond;
    }
    const stepsBack = this.isAscending ? localMs < this.lastMs : localMs > this.lastMs;
    return stepsBack ? !isSecond : isSecond;
  }

  private remember(beliefTime: number, placed: Placement): void {
    this.placements.set(beliefTime, placed);
    // A map keeps its keys in insertion order.
    if (this.placements.size > MAX_BELIEF_TIMES) this.placements.delete(this.placements.keys().next().value!);
  }
}
