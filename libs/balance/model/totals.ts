import { FLOWS, type Flow, type Flows } from './flows';

/** Prices of a site in each step, in currency per kWh; NaN where they are not known. */
export interface Prices {
  consumption: Float64Array;
  production: Float64Array;
}

/** What a site did during some steps. */
export interface Totals {
  /** kWh of the steps in which all parts are known, so that the flows add up. */
  energyKwh: Record<Flow, number>;
  /** What the imported energy cost, in currency; null if a price of it is not known. */
  cost: number | null;
  /** What the exported energy earned. */
  revenue: number | null;
  /** Hours in which the power of a part is not known: energy and money lack them. */
  unknownHours: number;
}

/** What a site did from one step until another. @param prices undefined if there are none */
export function sumFlows(
  flows: Flows,
  prices: Prices | undefined,
  { from, until, stepHours }: { from: number; until: number; stepHours: number },
): Totals {
  const energyKwh = Object.fromEntries(FLOWS.map((flow) => [flow, 0])) as Record<Flow, number>;
  let [cost, revenue, unknownHours] = [0, 0, 0];
  for (let step = from; step < until; step++) {
    const [imported, exported] = [flows.import[step]!, flows.export[step]!];
    if (Number.isNaN(imported)) {
      unknownHours += stepHours;
      continue;
    }
    for (const flow of FLOWS) energyKwh[flow] += flows[flow][step]! * stepHours;
    if (!prices) continue;
    cost += moneyOf(imported * stepHours, prices.consumption[step]!);
    revenue += moneyOf(exported * stepHours, prices.production[step]!);
  }
  const known = (money: number): number | null =>
    prices === undefined || Number.isNaN(money) ? null : money;
  return { energyKwh, cost: known(cost), revenue: known(revenue), unknownHours };
}

/** No energy costs nothing, whatever its price. */
const moneyOf = (kwh: number, price: number): number => (kwh === 0 ? 0 : kwh * price);

/** Adds totals of several sites. */
export const addTotals = (all: readonly Totals[]): Totals => ({
  energyKwh: Object.fromEntries(
    FLOWS.map((flow) => [flow, all.reduce((sum, { energyKwh }) => sum + energyKwh[flow], 0)]),
  ) as Record<Flow, number>,
  cost: addKnown(all.map(({ cost }) => cost)),
  revenue: addKnown(all.map(({ revenue }) => revenue)),
  unknownHours: Math.max(0, ...all.map(({ unknownHours }) => unknownHours)),
});

const addKnown = (amounts: readonly (number | null)[]): number | null =>
  amounts.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
