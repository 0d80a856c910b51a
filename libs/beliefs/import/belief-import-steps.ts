import { DAY_MS, HOUR_MS, type ZoneClock } from '#lib/time';

/** So many different event starts at the top of a file tell how far apart its events are. */
const SAMPLED_STARTS = 100;

/** From so many equal gaps in a row on, events may have become rarer instead of missing. */
const MIN_CHANGED_DISTANCES = 3;

/** With more missing events than this for each known one, an odd row makes a step that events do not have. */
const MAX_MISSING_PER_KNOWN = 10;

/** The event starts that a file begins with, from which its step is told. */
export class StepSample {
  private readonly starts = new Set<number>();

  /** Whether further rows would make no difference. */
  get isComplete(): boolean {
    return this.starts.size === SAMPLED_STARTS;
  }

  /** @param eventStarts epoch ms, in the file's order */
  add(eventStarts: Float64Array): void {
    for (let i = 0; i < eventStarts.length && !this.isComplete; i++) this.starts.add(eventStarts[i]!);
  }

  /**
   * How far apart events are, ms: the smallest distance if the others agree with that, so that missing events do not
   * matter, otherwise the distance that the file begins with.
   *
   * @returns undefined when that does not show: all rows are about one event, or about two that are an unusual
   *   distance apart, so that rather those between them are missing
   */
  step(clock: ZoneClock): number | undefined {
    if (this.starts.size < 2) return undefined;
    const starts = Float64Array.from(this.starts);
    const sorted = starts.slice().sort();
    const smallest = Math.min(...distancesOf(sorted, clock));
    if (starts.length === 2) return isUsualLength(smallest) ? smallest : undefined;
    const steps = (sorted[sorted.length - 1]! - sorted[0]!) / smallest;
    const agrees =
      steps <= starts.length * MAX_MISSING_PER_KNOWN &&
      !new StepWatch(smallest, clock).findBreak(starts, new Int32Array(starts.length));
    return agrees ? smallest : firstRepeated(distancesOf(starts, clock));
  }
}

/** Days count as 24 hours where they are days of the wall clock. */
function distancesOf(starts: Float64Array, clock: ZoneClock): number[] {
  return Array.from(starts.subarray(1), (start, i) => {
    const local = clock.instantToLocal(start) - clock.instantToLocal(starts[i]!);
    return Math.abs(local % DAY_MS === 0 ? local : start - starts[i]!);
  });
}

/** Whether events commonly last so long: parts of an hour or of a day in hours, a day, or a week. */
const isUsualLength = (ms: number): boolean =>
  HOUR_MS % ms === 0 || (ms % HOUR_MS === 0 && DAY_MS % ms === 0) || ms === 7 * DAY_MS;

/** Whether two event starts are a multiple of the step apart, in elapsed time or on the wall clock. */
function isInStep(eventStart: number, otherStart: number, stepMs: number, clock: ZoneClock): boolean {
  if ((eventStart - otherStart) % stepMs === 0) return true;
  return (clock.instantToLocal(eventStart) - clock.instantToLocal(otherStart)) % stepMs === 0;
}

/** The first one that comes twice in a row, or else the first one. */
function firstRepeated(distances: readonly number[]): number | undefined {
  return distances.find((distance, i) => distance === distances[i + 1]) ?? distances[0];
}

/** A row that does not go on as the rows before it: which one, and why in words that follow the place. */
export interface StepBreak {
  kind: 'out of step' | 'changed';
  line: number;
  eventStart: number;
  /** How far apart events are from that row on, for a change. */
  distanceMs: number;
}

/**
 * Watches that the events of a file stay in step: a multiple of the step apart, and not rarer from some row on. Missing
 * events are told from rarer ones by their number: gaps of equal size, one after the other, are a new step once they
 * are at least three and more than all gaps before them.
 */
export class StepWatch {
  private firstStart = NaN;
  private lastStart = NaN;
  /** The distance of two rows that follow each other: the step, or minus the step from new to old. */
  private expected: number;
  private gap = 0;
  private gapLine = 0;
  private gapStart = NaN;
  private equalGaps = 0;
  private gapsBefore = 0;

  constructor(
    private readonly stepMs: number,
    private readonly clock: ZoneClock,
  ) {
    this.expected = stepMs;
  }

  /** The first row that breaks the step, if there is one; rows are given in the file's order. */
  findBreak(eventStarts: Float64Array, lines: Int32Array): StepBreak | undefined {
    for (let i = 0; i < eventStarts.length; i++) {
      const start = eventStarts[i]!;
      const distance = start - this.lastStart;
      this.lastStart = start;
      if (distance === this.expected && this.equalGaps === 0) continue;
      const found = this.judge(start, distance, lines[i]!);
      if (found) return found;
    }
    return undefined;
  }

  private judge(eventStart: number, distanceMs: number, line: number): StepBreak | undefined {
    if (Number.isNaN(this.firstStart)) {
      this.firstStart = eventStart;
      return undefined;
    }
    const { clock, stepMs } = this;
    if (!isInStep(eventStart, this.firstStart, stepMs, clock)) {
      return { kind: 'out of step', line, eventStart, distanceMs };
    }
    // Several beliefs about one event.
    if (distanceMs === 0) return undefined;
    const before = eventStart - distanceMs;
    const localDistance = clock.instantToLocal(eventStart) - clock.instantToLocal(before);
    if (Math.abs(distanceMs) === stepMs || Math.abs(localDistance) === stepMs) {
      if (Math.abs(distanceMs) === stepMs) this.expected = distanceMs;
      this.endGaps();
      return undefined;
    }
    return this.countGap(eventStart, distanceMs, line);
  }

  private countGap(eventStart: number, distanceMs: number, line: number): StepBreak | undefined {
    if (distanceMs !== this.gap) {
      this.endGaps();
      this.gap = distanceMs;
      this.gapLine = line;
      this.gapStart = eventStart;
    }
    this.equalGaps++;
    if (this.equalGaps < MIN_CHANGED_DISTANCES || this.equalGaps <= this.gapsBefore) return undefined;
    const { gapLine, gapStart } = this;
    return { kind: 'changed', line: gapLine, eventStart: gapStart, distanceMs: Math.abs(distanceMs) };
  }

  private endGaps(): void {
    this.gapsBefore += this.equalGaps;
    this.equalGaps = 0;
    this.gap = 0;
  }
}
