import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { scheduleSite, type SiteProblem, type StorageDevice } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { measure, measureAlternating, type Figure } from '../figures';

/** Measures schedules of sites with one battery in this process, after warm-up. */
export async function benchScheduling(): Promise<Figure[]> {
  const scenarios: [string, SiteProblem][] = [
    ['12 h at 15 min (48 steps)', aBatterySite(smoothPrices(48, 0.25), 0.25)],
    ['48 h at 15 min (192 steps)', aBatterySite(smoothPrices(192, 0.25), 0.25)],
    ['7 d at 1 h (168 steps)', aBatterySite(smoothPrices(168, 1), 1)],
    ['7 d at 15 min (672 steps)', aBatterySite(smoothPrices(672, 0.25), 0.25)],
    ['7 d at 5 min (2,016 steps)', aBatterySite(smoothPrices(2016, 1 / 12), 1 / 12)],
    ['1 y at 15 min (35,040 steps)', aBatterySite(smoothPrices(35_040, 0.25), 0.25)],
    ['48 h at 5 min (576 steps)', aBatterySite(smoothPrices(576, 1 / 12), 1 / 12)],
    ['48 h at 15 min, negative prices (192 steps)', aBatterySite(negativePrices(), 0.25)],
  ];
  const solver = new HighsSolver();
  const figures: Figure[] = [];
  const inTurns = scenarios.filter(([name]) => name.startsWith('7 d'));
  for (const [name, problem] of scenarios) {
    if (name.startsWith('7 d')) continue;
    const work = async () => (await scheduleSite(problem, solver)).method;
    figures.push(
      await measure(
        `schedule ${name}`,
        work,
        problem.steps > 10_000 ? { runs: 3 } : { runs: 51, warmUps: 50 },
      ),
    );
  }
  const weeks = await measureAlternating(
    inTurns.map(([name, problem]) => ({
      name: `schedule ${name}`,
      work: () => scheduleSite(problem, solver),
    })),
    { runs: 301, warmUps: 100 },
  );
  addRatioNote(weeks, '7 d at 5 min', '7 d at 1 h');
  return [...figures, ...weeks];
}

/** Adds to a figure the ratio to another one. */
export function addRatioNote(figures: Figure[], of: string, over: string): void {
  const [one, other] = [of, over].map((name) => figures.find((figure) => figure.name.includes(name))!);
  const ratio = one!.medianMs / other!.medianMs;
  one!.note = [one!.note, `${ratio.toFixed(1)} times the ${over}`].filter(Boolean).join(', ');
}

/** A site with one battery. */
export function aBatterySite(prices: Float64Array, stepHours: number): SiteProblem {
  return {
    steps: prices.length,
    stepHours,
    consumptionPrices: prices,
    productionPrices: prices,
    devices: [aBattery('battery')],
  };
}

/** A battery of 0.5 MW and 2 MWh with 90 % round-trip efficiency. */
export function aBattery(name: string): StorageDevice {
  return {
    kind: 'storage',
    id: name,
    chargePowerMaxMw: 0.5,
    dischargePowerMaxMw: 0.5,
    socAtStartMwh: 0.5,
    socMinMwh: 0.1,
    socMaxMwh: 2,
    roundtripEfficiency: 0.9,
    preferChargingSooner: true,
  };
}

/** Hourly prices (EUR/MWh) like a day-ahead market's: a morning and an evening peak, and a slow drift. */
function smoothPrices(steps: number, stepHours: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, t) => {
    const hour = Math.floor(t * stepHours + 1e-9);
    const peaks =
      25 * Math.sin((hour / 24) * 2 * Math.PI - 2) + 20 * Math.sin((hour / 12) * 2 * Math.PI - 1.5);
    return Math.round((90 + peaks + 10 * Math.sin(hour / 37)) * 100) / 100;
  });
}

/** 48 hours of Belgian prices with strongly negative middays from beside the repository, or generated similar prices. */
function negativePrices(): Float64Array {
  const hourly = realPrices() ?? Array.from({ length: 48 }, (_, hour) => negativePrice(hour));
  return Float64Array.from({ length: 192 }, (_, t) => hourly[t >> 2]!);
}

function realPrices(): number[] | undefined {
  const file = resolve(process.cwd(), '..', 'shared', 'data', 'be_day_ahead_price_2023_hourly.csv');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const first = lines.findIndex((line) => line.startsWith('2023-07-01T22:00'));
  return lines.slice(first, first + 48).map((line) => Number(line.split(',')[1]));
}

const negativePrice = (hour: number) =>
  Math.round((35 - 110 * Math.exp(-(((hour % 24) - 13) ** 2) / 14) + 15 * Math.sin(hour)) * 100) / 100;
