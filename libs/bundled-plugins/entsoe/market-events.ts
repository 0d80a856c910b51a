import type { MarketPeriod, MarketSeries } from './market-document';

/** Values by the start of their event, epoch ms. */
export type MarketEvents = ReadonlyMap<number, number>;

/** How a value is preferred to others about the same event: that of the lowest rank wins. */
export type Rank = (eventStartMs: number, series: MarketSeries, stepMs: number) => number;

/**
 * The values of series on events of a sensor. Values of longer steps hold for each event in them; values of shorter steps are
 * averaged, if all are known.
 *
 * @param resolutionMs length of the events
 */
export function toEvents(series: readonly MarketSeries[], resolutionMs: number, rank: Rank): MarketEvents {
  const values = new Map<number, number>();
  const ranks = new Map<number, number>();
  for (const one of series) {
    for (const period of one.periods) {
      for (const [startMs, value] of eventsOf(period, resolutionMs)) {
        const its = rank(startMs, one, period.stepMs);
        if (its > (ranks.get(startMs) ?? Infinity)) continue;
        ranks.set(startMs, its);
        values.set(startMs, value);
      }
    }
  }
  return values;
}

/** The known values of a period on events that lie in it. */
function* eventsOf(
  { startMs, stepMs, values }: MarketPeriod,
  resolutionMs: number,
): Generator<[number, number]> {
  const endMs = startMs + values.length * stepMs;
  const isDivisible = stepMs % resolutionMs === 0 || resolutionMs % stepMs === 0;
  if (!isDivisible)
    throw new Error(`Steps of ${stepMs} ms do not fit a sensor with events of ${resolutionMs} ms.`);
  const first = Math.ceil(startMs / resolutionMs) * resolutionMs;
  for (let eventMs = first; eventMs + resolutionMs <= endMs; eventMs += resolutionMs) {
    const from = Math.floor((eventMs - startMs) / stepMs);
    const until = Math.max(from + 1, Math.round((eventMs + resolutionMs - startMs) / stepMs));
    const value = meanOf(values.subarray(from, until));
    if (!Number.isNaN(value)) yield [eventMs, value];
  }
}

/** NaN if one of the values is. */
const meanOf = (values: Float64Array): number =>
  values.length === 1 ? values[0]! : values.reduce((sum, value) => sum + value, 0) / values.length;

/** From this day on, prices are those of quarter-hours; before, hourly prices were those of the coupled auction. */
const QUARTER_HOURS_SINCE_MS = Date.parse('2025-10-01T00:00+02:00');

/** Prefers the first auction, and then the steps of the market: quarter-hours since October 2025, hours before. */
export const rankOfPrices: Rank = (eventStartMs, { sequence = 1 }, stepMs) =>
  sequence * 1e9 + (eventStartMs < QUARTER_HOURS_SINCE_MS ? 1e8 - stepMs : stepMs);

/** Prefers shorter steps. */
export const rankOfPower: Rank = (_, __, stepMs) => stepMs;
