import { energyCost } from '../../problem/energy-cost';
import { simulateStock, valueAt } from '../../problem/stock';
import type {
  BreachPrice,
  Capacity,
  CommitmentCost,
  Peak,
  SiteProblem,
  StorageDevice,
} from '../problem/site-problem';
import { hasPricedLimits } from '../problem/priced-limits';

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
  const netPowerMw = sumOf(problem.steps, powers);
  const { consumption, production, turnover } = energyCosts(problem, netPowerMw);
  const producedMw = netPowerMw.map((power) => -power);
  const commitments: CommitmentCost[] = [
    { commitment: 'consumption', cost: consumption },
    { commitment: 'production', cost: production },
    ...peakCost('site-peak-consumption', problem.consumptionPeak, netPowerMw),
    ...peakCost('site-peak-production', problem.productionPeak, producedMw),
    ...capacityCost('site-consumption-breach', problem, problem.consumptionCapacity, netPowerMw),
    ...capacityCost('site-production-breach', problem, problem.productionCapacity, producedMw),
    ...problem.devices.flatMap((device, index) =>
      device.kind === 'storage' && hasPricedLimits(device)
        ? storageCosts(problem, device, powers[index]!)
        : [],
    ),
  ];
  const cost = commitments.reduce((sum, one) => sum + one.cost, 0);
  return { commitments, cost, turnover, netPowerMw };
}

function sumOf(steps: number, powers: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(steps);
  for (const power of powers) for (let t = 0; t < steps; t++) sum[t]! += power[t]!;
  return sum;
}

function energyCosts(problem: SiteProblem, netPowerMw: Float64Array) {
  const { steps, stepHours, consumptionPrices, productionPrices } = problem;
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

function storageCosts(problem: SiteProblem, device: StorageDevice, powerMw: Float64Array): CommitmentCost[] {
  const { id: name, consumptionCapacity, productionCapacity, socMinima, socMaxima } = device;
  const stock = { ...device, stepHours: problem.stepHours };
  const soc = simulateStock(stock, powerMw, device.socAtStartMwh).subarray(1);
  const producedMw = powerMw.map((power) => -power);
  const costs = [
    ...capacityCost('consumption-breach', problem, consumptionCapacity, powerMw, name),
    ...capacityCost('production-breach', problem, productionCapacity, producedMw, name),
  ];
  const addSoc = (commitment: string, breach: BreachPrice | undefined, excess: () => Float64Array) => {
    if (breach)
      costs.push({ commitment, device: name, cost: breachCost(breach, excess(), problem.stepHours) });
  };
  addSoc('soc-minima-breach', socMinima?.breach, () => socMinima!.mwh.map((mwh, t) => mwh - soc[t]!));
  addSoc('soc-maxima-breach', socMaxima?.breach, () => socMaxima!.mwh.map((mwh, t) => soc[t]! - mwh));
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
