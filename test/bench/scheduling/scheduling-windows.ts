import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { scheduleSite } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import type { Figure } from '../figures';
import { aBatterySite } from './scheduling';

const WINDOWS = 500;
const HOURS = 48;

/** Measures schedules of one battery over many windows of a year's prices, each of them with negative hours. */
export async function benchWindows(): Promise<Figure[]> {
  const { prices, kind } = yearOfPrices();
  const starts = startsWithNegativeHours(prices);
  const solver = new HighsSolver();
  const times: number[] = [];
  let worstGap = 0;
  const warmUps = 50;
  for (let run = 0; run < warmUps + WINDOWS; run++) {
    const start = starts[Math.floor(random(run) * starts.length)]!;
    const quarters = Float64Array.from({ length: 4 * HOURS }, (_, t) => prices[start + (t >> 2)]!);
    const problem = aBatterySite(quarters, 0.25);
    const startMs = performance.now();
    const { gap, cost, turnover } = await scheduleSite(problem, solver);
    if (run < warmUps) continue;
    times.push(performance.now() - startMs);
    worstGap = Math.max(worstGap, gap / Math.max(Math.abs(cost), turnover));
  }
  times.sort((a, b) => a - b);
  const p99 = times[Math.ceil(0.99 * WINDOWS) - 1]!;
  const note = `99th percentile ${p99.toFixed(1)} ms, gap at most ${(100 * worstGap).toExponential(0)} %, ${kind}`;
  return [
    {
      name: `schedule ${HOURS} h at 15 min, ${WINDOWS} windows with negative hours`,
      medianMs: times[WINDOWS / 2]!,
      minMs: times[0]!,
      maxMs: times[WINDOWS - 1]!,
      runs: WINDOWS,
      note,
    },
  ];
}

function startsWithNegativeHours(prices: number[]): number[] {
  const starts: number[] = [];
  for (let hour = 0; hour + HOURS <= prices.length; hour++) {
    if (prices.slice(hour, hour + HOURS).some((price) => price < 0)) starts.push(hour);
  }
  return starts;
}

/** Hourly Belgian prices of 2023 from beside the repository, or generated similar prices. */
function yearOfPrices(): { prices: number[]; kind: string } {
  const file = resolve(process.cwd(), '..', 'shared', 'data', 'be_day_ahead_price_2023_hourly.csv');
  if (!existsSync(file)) return { prices: Array.from({ length: 8760 }, (_, hour) => generatedPrice(hour)), kind: 'made-up prices' }; // prettier-ignore
  const prices = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]))
    .filter((price) => Number.isFinite(price));
  return { prices, kind: 'Belgian prices of 2023' };
}

function generatedPrice(hour: number): number {
  const sun =
    Math.max(0, Math.sin(((hour / 24 - 80) / 365) * 2 * Math.PI)) * Math.exp(-(((hour % 24) - 13) ** 2) / 14);
  return (
    95 +
    25 * Math.sin((hour / 12) * 2 * Math.PI - 1.5) -
    220 * sun * random(Math.floor(hour / 24)) +
    10 * random(hour)
  );
}

/** A pseudo-random number from 0 to 1 for n. */
function random(n: number): number {
  const x = Math.sin(n * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}
