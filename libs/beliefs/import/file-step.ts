import { DAY_MS, HOUR_MS, isNearStep, snapToStep, type ZoneClock } from '#lib/time';

/** The number of different event starts at the top of a file from which its step is found. */
const SAMPLED_STARTS = 100;

/** From this number of equal gaps in a row on, the step may have become longer instead of events being missing. */
const MIN_CHANGED_DISTANCES = 3;

/** With more missing events than this for each known one, the smallest distance comes from an odd row. */
const MAX_MISSING_PER_KNOWN = 10;

/** The first event starts of a file, from which its step is found. */
export class StepSample {
  private readonly starts = new Set<number>();

  /** Whether further rows make no difference. */
  get isComplete(): boolean {
    return this.starts.size === SAMPLED_STARTS;
  }

  /** @param eventStarts epoch ms, in the file's order */
  add(eventStarts: Float64Array): void {
    for (let i = 0; i < eventStarts.length && !this.isComplete; i++) this.starts.add(eventStarts[i]!);
  }

  /**
   * The same starts on the steps of a sensor.
   * @returns undefined unless each is near to a step of its own
   */
  onGrid(resolutionMs: number, zone: string): StepSample | undefined {
    if (resolutionMs === 0) return undefined;
    const placed = new StepSample();
    for (const start of this.starts) {
      if (!isNearStep(start, resolutionMs, zone)) return undefined;
      placed.starts.add(snapToStep(start, resolutionMs, zone));
    }
    return placed.starts.size === this.starts.size ? placed : undefined;
  }

  /**
   * How far apart events are, ms: the smallest distance if all others are a multiple of it, so that missing events do
   * not matter, otherwise the distance that the file begins with.
   *
   * @returns undefined if the rows do not show it: all are about one event, or about two events at an unusual distance,
   *   between which others are probably missing
   */
  findStep(clock: ZoneClock): number | undefined {
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

/** Distances between neighbours, ms; whole days of the wall clock count as 24 hours each. */
function distancesOf(starts: Float64Array, clock: ZoneClock): number[] {
  return Array.from(starts.subarray(1), (start, i) => {
    const local = clock.instantToLocal(start) - clock.instantToLocal(starts[i]!);
    return Math.abs(local % DAY_MS === 0 ? local : start - starts[i]!);
  });
}

/** Whether events commonly have this length: one that divides an hour, whole hours that divide a day, or a week. */
const isUsualLength = (ms: number): boolean =>
  HOUR_MS % ms === 0 || (ms % HOUR_MS === 0 && DAY_MS % ms === 0) || ms === 7 * DAY_MS;

/** Whether two event starts are a multiple of the step apart, in elapsed time or on the wall clock. */
function isInStep(eventStart: number, otherStart: number, stepMs: number, clock: ZoneClock): boolean {
  if ((eventStart - otherStart) % stepMs === 0) return true;
  return (clock.instantToLocal(eventStart) - clock.instantToLocal(otherStart)) % stepMs === 0;
}

/** The first distance that comes twice in a row, or else the first one. */
function firstRepeated(distances: readonly number[]): number | undefined {
  return distances.find((distance, i) => distance === distances[i + 1]) ?? distances[0];
}

/** A row that does not continue the step of the rows before it. */
export interface StepBreak {
  kind: 'out of step' | 'changed';
  line: number;
  eventStart: number;
  /** How far apart events are from that row on, ms, if the step has changed. */
  distanceMs: number;
}

/**
 * Checks that the events of a file stay a multiple of the step apart, and that the step does not become longer from some
 * row on. Gaps of equal size in a row are missing events at first, and a new step once there are at least three of them
 * and more than all gaps before.
 */
export class StepWatch {
  private firstStart = NaN;
  private lastStart = NaN;
  /** The distance from one row to the next, ms: the step, or minus the step in files from new to old. */
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
      const found = this.checkRow(start, distance, lines[i]!);
      if (found) return found;
    }
    return undefined;
  }

  private checkRow(eventStart: number, distanceMs: number, line: number): StepBreak | undefined {
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
