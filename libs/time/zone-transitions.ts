import { LRUCache } from 'lru-cache';
import { SECOND_MS, WEEK_MS } from './clock-units';
import { TimeError } from './time-error';
import { MAX_CACHED_ZONES, readOffsetMs } from './zone';

/** A span [fromMs, untilMs) with a constant UTC offset. It ends at a clock change or at the end of a year. */
export interface OffsetSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/** Maximum number of cached years, more than any time series has. Unusual requests cannot fill the memory. */
const MAX_CACHED_YEARS = 500;

/** The offsets of one zone, loaded per year on demand. */
export class ZoneTransitions {
  private readonly spansByYear = new LRUCache<number, OffsetSpan[]>({ max: MAX_CACHED_YEARS });

  constructor(private readonly zone: string) {}

  /**
   * The span of constant offset that contains an instant.
   *
   * @throws TimeError INVALID_DATETIME outside the years 0 to 9999, which is the range of ISO 8601
   */
  spanAt(instantMs: number): OffsetSpan {
    const year = new Date(instantMs).getUTCFullYear();
    const spans = this.spansByYear.get(year) ?? this.loadYear(year);
    // A year has one to three spans, rarely more: a linear search is fastest.
    let i = 0;
    while (instantMs >= spans[i]!.untilMs) i++;
    return spans[i]!;
  }

  private loadYear(year: number): OffsetSpan[] {
    if (!(year >= 0 && year <= 9999)) {
      throw new TimeError('INVALID_DATETIME', 'The datetime lies outside the years 0 to 9999.');
    }
    const spans = findSpans(this.zone, year);
    this.spansByYear.set(year, spans);
    return spans;
  }
}

const transitionsByZone = new LRUCache<string, ZoneTransitions>({ max: MAX_CACHED_ZONES });

/** The shared transitions of a zone. */
export function getTransitions(zone: string): ZoneTransitions {
  let transitions = transitionsByZone.get(zone);
  if (transitions === undefined) {
    transitions = new ZoneTransitions(zone);
    transitionsByZone.set(zone, transitions);
  }
  return transitions;
}

/** Checks each week of the year for a change of offset. No zone has changed its offset and back within a week. */
function findSpans(zone: string, year: number): OffsetSpan[] {
  const yearStart = startOfYear(year);
  const yearEnd = startOfYear(year + 1);
  const spans: OffsetSpan[] = [];
  let fromMs = yearStart;
  let offsetMs = readOffsetMs(zone, fromMs);
  for (let weekMs = yearStart; weekMs < yearEnd; weekMs += WEEK_MS) {
    const weekEnd = Math.min(weekMs + WEEK_MS, yearEnd);
    const next = readOffsetMs(zone, weekEnd - SECOND_MS);
    if (next === offsetMs) continue;
    const untilMs = findChange(zone, Math.max(weekMs - SECOND_MS, fromMs), weekEnd - SECOND_MS, offsetMs);
    spans.push({ fromMs, untilMs, offsetMs });
    fromMs = untilMs;
    offsetMs = next;
  }
  spans.push({ fromMs, untilMs: yearEnd, offsetMs });
  return spans;
}

/** First second in (lowMs, highMs] that no longer has the offset, given that lowMs has it and highMs has not. */
function findChange(zone: string, lowMs: number, highMs: number, offsetMs: number): number {
  let low = lowMs / SECOND_MS;
  let high = highMs / SECOND_MS;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffsetMs(zone, middle * SECOND_MS) === offsetMs) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}

function startOfYear(year: number): number {
  // Date.UTC reads years below 100 as 19xx.
  return new Date(0).setUTCFullYear(year, 0, 1);
}
