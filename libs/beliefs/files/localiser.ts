import type { ZoneClock } from '#lib/time';

/**
 * Turns wall-clock times of a file into instants, in the file's order.
 *
 * An hour that the local clock shows twice (end of daylight saving time) is resolved from that order: as long as times
 * go on in the direction of the rows before, they belong to the same hour; a step back, or the same time once more,
 * begins the other one. In rows from old to new the first series is the first hour, otherwise the second.
 */
export class Localiser {
  /** Whether the last time was one of two possible instants. */
  wasAmbiguous = false;
  private lastMs = NaN;
  private isAscending = true;
  private isSecond = false;

  constructor(private readonly clock: ZoneClock) {}

  /**
   * @param localMs wall-clock time written as if it were UTC
   * @param repeats whether the same time as before, once more, is the next occurrence instead of the same moment
   * @returns epoch ms, or NaN when the local clock skips that time
   */
  toInstant(localMs: number, repeats: boolean): number {
    const found = this.clock.localToInstant(localMs);
    if (found.kind === 'ambiguous') {
      this.chooseOccurrence(localMs, repeats);
      this.wasAmbiguous = true;
      this.lastMs = localMs;
      return this.isSecond ? found.second : found.first;
    }
    this.wasAmbiguous = false;
    this.lastMs = localMs;
    return found.kind === 'unique' ? found.instantMs : NaN;
  }

  private chooseOccurrence(localMs: number, repeats: boolean): void {
    if (!this.wasAmbiguous) {
      this.isAscending = !(localMs < this.lastMs);
      this.isSecond = !this.isAscending;
      return;
    }
    const stepsBack = this.isAscending ? localMs < this.lastMs : localMs > this.lastMs;
    if (stepsBack || (repeats && localMs === this.lastMs)) this.isSecond = !this.isSecond;
  }
}
