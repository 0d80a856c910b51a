import { LRUCache } from 'lru-cache';
import { DAY_MS } from './clock-units';
import { TimeError } from './time-error';
import { OffsetSpan, transitionsOf, ZoneTransitions } from './zone-transitions';
import { assertTimeZone, MAX_CACHED_ZONES } from './zone';

/**
 * What a wall-clock time means in a zone. All times are epoch milliseconds.
 * - `ambiguous`: the clocks went back, so it was shown twice;
 * - `missing`: the clocks skipped it. `after` is the instant as far beyond the jump as the wall clock was inside the
 *   gap (02:30 becomes 03:30, as RFC 5545 has it).
 *
 * `transition` is the instant at which the clocks changed.
 */
export type LocalTime =
  | { kind: 'unique'; instantMs: number }
  | { kind: 'ambiguous'; first: number; second: number; transition: number }
  | { kind: 'missing'; after: number; transition: number };

/**
 * Converts between instants and the wall clock of one zone, fast enough for columns of millions of rows: it remembers
 * the span of constant offset that it used last, so give it times in order where you can.
 */
export class ZoneClock {
  private readonly transitions: ZoneTransitions;
  private span: OffsetSpan = { fromMs: 0, untilMs: 0, offsetMs: 0 };

  /** @throws TimeError INVALID_TIMEZONE */
  constructor(readonly zone: string) {
    assertTimeZone(zone);
    this.transitions = transitionsOf(zone);
  }

  /** Offset from UTC in milliseconds at an instant, east positive. */
  offsetMsAt(instantMs: number): number {
    const span = this.span;
    if (instantMs >= span.fromMs && instantMs < span.untilMs) return span.offsetMs;
    this.span = this.transitions.spanAt(instantMs);
    return this.span.offsetMs;
  }

  /** Which instants show this wall-clock time; `localMs` is that time written as if it were UTC. */
  localToInstant(localMs: number): LocalTime {
    const { fromMs, untilMs, offsetMs } = this.span;
    const guess = localMs - offsetMs;
    // No zone moves its clock by more than a day, so a day away from the span's ends nothing else can match.
    if (guess >= fromMs + DAY_MS && guess < untilMs - DAY_MS) return { kind: 'unique', instantMs: guess };
    return this.searchLocal(localMs);
  }

  /** The wall-clock time shown at an instant, written as if it were UTC. */
  instantToLocal(instantMs: number): number {
    return instantMs + this.offsetMsAt(instantMs);
  }

  /** The instant of a wall-clock time; the first of two, and moved forward where the clocks skipped it. */
  resolveLocal(localMs: number): number {
    const found = this.localToInstant(localMs);
    if (found.kind === 'unique') return found.instantMs;
    return found.kind === 'ambiguous' ? found.first : found.after;
  }

  /**
   * The only instant of a wall-clock time.
   *
   * @throws TimeError AMBIGUOUS_LOCAL_TIME or MISSING_LOCAL_TIME
   */
  getUniqueInstant(localMs: number): number {
    const found = this.localToInstant(localMs);
    if (found.kind === 'unique') return found.instantMs;
    const text = new Date(localMs).toISOString().slice(0, 19);
    throw found.kind === 'ambiguous'
      ? new TimeError('AMBIGUOUS_LOCAL_TIME', `${text} occurs twice in ${this.zone}. Add an offset.`)
      : new TimeError('MISSING_LOCAL_TIME', `${text} does not exist in ${this.zone}: the clocks skip it.`);
  }

  private searchLocal(localMs: number): LocalTime {
    const before = this.offsetMsAt(localMs - DAY_MS);
    const after = this.offsetMsAt(localMs + DAY_MS);
    const early = localMs - Math.max(before, after);
    const late = localMs - Math.min(before, after);
    const isEarly = early + this.offsetMsAt(early) === localMs;
    const isLate = late + this.offsetMsAt(late) === localMs;
    if (isEarly && isLate && early !== late) {
      return { kind: 'ambiguous', first: early, second: late, transition: this.findTransitionBefore(late) };
    }
    if (isEarly) return { kind: 'unique', instantMs: early };
    if (isLate) return { kind: 'unique', instantMs: late };
    // A jump forward makes the offset larger: read with the smaller one of before, the time lands beyond the jump.
    return { kind: 'missing', after: late, transition: this.findTransitionBefore(late) };
  }

  /** The last change of offset at or before an instant; spans also end with each year, without a change. */
  private findTransitionBefore(instantMs: number): number {
    const offsetMs = this.offsetMsAt(instantMs);
    let transitionMs = this.span.fromMs;
    while (this.offsetMsAt(transitionMs - 1) === offsetMs) transitionMs = this.span.fromMs;
    return transitionMs;
  }
}

const clocks = new LRUCache<string, ZoneClock>({ max: MAX_CACHED_ZONES });

/** A shared clock of the zone. @throws TimeError INVALID_TIMEZONE */
export function clockOf(zone: string): ZoneClock {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new ZoneClock(zone);
    clocks.set(zone, clock);
  }
  return clock;
}
