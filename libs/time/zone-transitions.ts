import { SECOND_MS, WEEK_MS } from './clock-units';
import { readOffsetMs } from './zone';

/** Instants in [fromMs, untilMs) at which a zone keeps one offset from UTC; the ends are transitions or year ends. */
export interface OffsetSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/** Enough for every zone over a lifetime; beyond it the cache starts again rather than grow with odd requests. */
const MAX_CACHED_YEARS = 20_000;
const spansByZoneAndYear = new Map<string, OffsetSpan[]>();

/** The span of constant offset around an instant, looked up in the transitions of its (UTC) year. */
export function offsetSpanAt(zone: string, instantMs: number): OffsetSpan {
  const year = new Date(instantMs).getUTCFullYear();
  const key = `${zone} ${year}`;
  let spans = spansByZoneAndYear.get(key);
  if (spans === undefined) {
    spans = findSpans(zone, year);
    if (spansByZoneAndYear.size >= MAX_CACHED_YEARS) spansByZoneAndYear.clear();
    spansByZoneAndYear.set(key, spans);
  }
  // A year has one to three spans, rarely more: a scan beats a search.
  return spans.find((span) => instantMs < span.untilMs) ?? spans[spans.length - 1]!;
}

/** Looks at each week of the year for a change of offset; no zone has changed twice within a week and back. */
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
