import { energyCost } from '../../problem/energy-cost';
import { simulateStock, valueAt } from '../../problem/stock';
import type {
  BreachPrice,
  Capacity,
  CommitmentCost,
  Peak,
  SiteDevice,
  SiteProblem,
  SocBound,
  Stock,
} from '../problem/site-problem';
import { type Meter, metersOf, powerAt } from '../problem/meters';
import { rankedBreaches } from './ranked-breaches';
import { hasPricedLimits } from '../problem/priced-limits';
import { simulateSharedStock } from '../problem/simulate-shared-stock';

export interface SiteCosts {
  commitments: CommitmentCost[];
  /** Currency; sum over the commitments. */
  cost: number;
  /** Currency; sum of the absolute energy costs of all steps. */
  turnover: number;
  /** MW per step of the whole site, consumption positive. */
  netPowerMw: Float64Array;
}

/**
 * Computes the cost of a schedule, term by term. Every term that the problem has is listed, even if it costs nothing.
 *
 * @param powers MW per step, consumption positive, by device in the order of the problem
 */
export function siteCosts(problem: SiteProblem, powers: readonly Float64Array[]): SiteCosts {
  const meters = metersOf(problem).map((meter) => meterCosts(problem, meter, powers));
  const commitments: CommitmentCost[] = [
    ...meters.flatMap((meter) => meter.commitments),
    ...problem.devices.flatMap((device, index) => deviceCosts(problem, device, powers[index]!)),
    ...(problem.stocks ?? []).flatMap((stock) =>
      stockCosts(problem, stock, () => simulateSharedStock(problem, stock, powers).subarray(1)),
    ),
    ...[...rankedBreaches(problem, powers)].map(([{ totalPrice, highestPrice }, { total, highest }]) => ({
      commitment: 'ranked-breaches',
      cost: totalPrice * total + highestPrice * highest,
    })),
  ];
  const cost = commitments.reduce((sum, one) => sum + one.cost, 0);
  const turnover = meters.reduce((sum, meter) => sum + meter.turnover, 0);
  return { commitments, cost, turnover, netPowerMw: meters[0]!.powerMw };
}

/** The terms of one meter: energy, peaks and exceeded capacities; or the deviations from a commitment. */
function meterCosts(problem: SiteProblem, meter: Meter, powers: readonly Float64Array[]) {
  const { kind, name } = meter;
  const powerMw = powerAt(meter, problem.steps, powers);
  const { consumption, production, turnover } = energyCosts(problem, meter, powerMw);
  if (kind === 'commitment') {
    const commitments: CommitmentCost[] = [{ commitment: name, cost: consumption + production }];
    return { commitments, turnover, powerMw };
  }
  const isGroup = kind === 'group';
  const producedMw = powerMw.map((power) => -power);
  const prefix = kind === 'commodity' ? `${name} ` : '';
  const breach = (side: string) => (isGroup ? `${side}-breach` : `${prefix}site-${side}-breach`);
  const device = isGroup ? name : undefined;
  const commitments: CommitmentCost[] = [
    ...capacityCost(breach('consumption'), problem, meter.consumptionCapacity, powerMw, device),
    ...capacityCost(breach('production'), problem, meter.productionCapacity, producedMw, device),
  ];
  if (!isGroup && !meter.isInternal) {
    commitments.unshift(
      { commitment: `${prefix}consumption`, cost: consumption },
      { commitment: `${prefix}production`, cost: production },
      ...peakCost(`${prefix}site-peak-consumption`, meter.consumptionPeak, powerMw),
      ...peakCost(`${prefix}site-peak-production`, meter.productionPeak, producedMw),
    );
  }
  return { commitments, turnover, powerMw };
}

function energyCosts({ steps, stepHours }: SiteProblem, meter: Meter, netPowerMw: Float64Array) {
  const { consumptionPrices, productionPrices } = meter;
  const costs = { consumption: 0, production: 0, turnover: 0 };
  for (let t = 0; t < steps; t++) {
    const net = netPowerMw[t]!;
    const amount = energyCost(net, consumptionPrices[t]!, productionPrices[t]!, stepHours);
    costs[net >= 0 ? 'consumption' : 'production'] += amount;
    costs.turnover += Math.abs(amount);
  }
  return costs;
}

function peakCost(commitment: string, peak: Peak | undefined, powerMw: Float64Array): CommitmentCost[] {
  return peak ? [{ commitment, cost: peakPrice(peak, powerMw) }] : [];
}

/** What the highest excess over the previous peak costs, in currency. @param powerMw MW per step */
export const peakPrice = ({ previousMw, pricePerMw }: Peak, powerMw: Float64Array): number =>
  powerMw.reduce(
    (highest, power, t) => Math.max(highest, valueAt(pricePerMw, t) * (power - valueAt(previousMw, t))),
    0,
  );

function capacityCost(
  commitment: string,
  problem: SiteProblem,
  capacity: Capacity | undefined,
  powerMw: Float64Array,
  device?: string,
): CommitmentCost[] {
  if (!capacity?.breach) return [];
  const excess = powerMw.map((power, t) => power - valueAt(capacity.mw, t));
  return [{ commitment, device, cost: breachCost(capacity.breach, excess, problem.stepHours) }];
}

function deviceCosts(problem: SiteProblem, device: SiteDevice, powerMw: Float64Array): CommitmentCost[] {
  if (device.kind !== 'storage' && device.kind !== 'flexible') return [];
  if (device.kind === 'storage' && !hasPricedLimits(device)) return [];
  const { id, consumptionCapacity, productionCapacity } = device;
  const producedMw = powerMw.map((power) => -power);
  const costs = [
    ...capacityCost('consumption-breach', problem, consumptionCapacity, powerMw, id),
    ...capacityCost('production-breach', problem, productionCapacity, producedMw, id),
  ];
  if (device.kind === 'flexible') return costs;
  const stock = { ...device, stepHours: problem.stepHours };
  const simulate = () => simulateStock(stock, powerMw, device.socAtStartMwh).subarray(1);
  return [...costs, ...stockCosts(problem, device, simulate)];
}

/** @param simulate the stock in MWh at the end of each step */
function stockCosts(
  { stepHours }: SiteProblem,
  { id, socMinima, socMaxima }: Stock & { id: string },
  simulate: () => Float64Array,
): CommitmentCost[] {
  const costs: CommitmentCost[] = [];
  if (!socMinima?.breach && !socMaxima?.breach) return costs;
  const soc = simulate();
  const add = (commitment: string, bound: SocBound | undefined, sign: 1 | -1) => {
    if (!bound?.breach) return;
    const excess = bound.mwh.map((mwh, t) => sign * (mwh - soc[t]!));
    costs.push({ commitment, device: id, cost: breachCost(bound.breach, excess, stepHours) });
  };
  add('soc-minima-breach', socMinima, 1);
  add('soc-maxima-breach', socMaxima, -1);
  return costs;
}

/** @param excess MW or MWh above the limit per step; negative or NaN if the limit is met */
function breachCost({ highest = 0, perHour = 0 }: BreachPrice, excess: Float64Array, hours: number): number {
  let worst = 0;
  let cost = 0;
  excess.forEach((one, t) => {
    // Smaller values are rounding noise of a schedule that meets the limit exactly.
    if (!(one > 1e-9)) return;
    worst = Math.max(worst, one * valueAt(highest, t));
    cost += one * valueAt(perHour, t) * hours;
  });
  return cost + worst;
}
