import type { Solver } from '#lib/solver/model';
import { stockLimits } from '../../problem/step-limits';
import { highestOf, stockWhenIdle, valueAt } from '../../problem/stock';
import { type MeterSign, metersOf, powerAt } from '../problem/meters';
import { prepareSite } from '../problem/prepared-site';
import { allowedStarts, allowedSteps } from '../problem/process-runs';
import type {
  BreachPrice,
  Capacity,
  Connection,
  ProcessDevice,
  SharedStock,
  SiteDevice,
  SiteProblem,
  SocBound,
  Stock,
  StorageDevice,
} from '../problem/site-problem';
import { stockRange } from '../problem/stock-range';
import { optimiseSite } from './optimise-site';
import type { SearchLimits } from './optimum';

/**
 * The cheapest schedule among those that break limits as little as reachable, for a site whose limits cannot all be met.
 * What gives way, in this order:
 *
 * 1. targets, minima and maxima of stocks;
 * 2. capacities of the site;
 * 3. hard limits of connections and of groups, and the balance of commodities, as far as nothing else helps.
 *
 * Within a rank, the least total breach counts, then the smallest highest breach, then the cost. Power limits of devices
 * never give way, and soc-min and soc-max only as far as the storage alone cannot keep them. Processes run as long as
 * there is time.
 *
 * @returns MW per step by device; undefined if nothing was found in time, or if a storage cannot keep its own limits
 */
export async function leastBreach(
  problem: SiteProblem,
  solver: Solver,
  searchLimits: SearchLimits,
): Promise<Float64Array[] | undefined> {
  const reachable = withStocks(
    {
      ...problem,
      devices: problem.devices.map((device) =>
        device.kind === 'process' ? reachableProcess(problem, device) : device,
      ),
    },
    reachableBounds,
  );
  const solve = async (one: SiteProblem) => {
    const site = prepareSite(one);
    return (site && (await optimiseSite(site, solver, searchLimits)))?.powers;
  };
  const withoutRequirements = withStocks(reachable, withoutSocRequirements);
  const hasRequirements = stocksOf(reachable).some(hasSocRequirements);
  const powersBySocBreach = hasRequirements
    ? await solve(withStocks(reachable, softenSocRequirements))
    : undefined;
  if (powersBySocBreach) return powersBySocBreach;
  const solveCapacities = (one: SiteProblem) => solve(withCapacities(one, softenCapacity));
  let withRaisedHardLimits = reachable;
  let powersByCapacityBreach = await solveCapacities(withoutRequirements);
  if (!powersByCapacityBreach) {
    const powersByConnectionBreach = await solve(withCapacities(withoutRequirements, softenConnection));
    if (!powersByConnectionBreach) return undefined;
    withRaisedHardLimits = raised(reachable, powersByConnectionBreach, 'hardLimitMw');
    powersByCapacityBreach = await solveCapacities(withStocks(withRaisedHardLimits, withoutSocRequirements));
    powersByCapacityBreach ??= powersByConnectionBreach;
  }
  if (!hasRequirements) return powersByCapacityBreach;
  const withRaisedCapacities = raised(withRaisedHardLimits, powersByCapacityBreach, 'mw');
  return (await solve(withStocks(withRaisedCapacities, softenSocRequirements))) ?? powersByCapacityBreach;
}

/** Stocks of storages, and shared ones. */
const stocksOf = ({ devices, stocks = [] }: SiteProblem): Stock[] => [
  ...devices.filter((device) => device.kind === 'storage'),
  ...stocks,
];

/** The problem with changed limits of its stocks. */
const withStocks = (
  problem: SiteProblem,
  change: (problem: SiteProblem, stock: StorageDevice | SharedStock) => Partial<Stock>,
): SiteProblem => ({
  ...problem,
  devices: problem.devices.map((device) =>
    device.kind === 'storage' ? { ...device, ...change(problem, device) } : device,
  ),
  stocks: problem.stocks?.map((stock) => ({ ...stock, ...change(problem, stock) })),
});

type Capacities = Pick<Connection, 'consumptionCapacity' | 'productionCapacity'>;

/** The problem with changed capacities of its connections and groups. The meter at index m is that of metersOf. */
function withMeters(
  problem: SiteProblem,
  change: (capacity: Capacity, m: number, sign: MeterSign) => Capacity,
): SiteProblem {
  const { commodities = [], groups = [] } = problem;
  const changed = <Limited extends Capacities>(one: Limited, m: number): Limited => ({
    ...one,
    consumptionCapacity: one.consumptionCapacity && change(one.consumptionCapacity, m, 1),
    productionCapacity: one.productionCapacity && change(one.productionCapacity, m, -1),
  });
  return {
    ...changed(problem, 0),
    commodities: problem.commodities?.map((one, i) => changed(one, 1 + i)),
    groups: problem.groups && groups.map((one, i) => changed(one, 1 + commodities.length + i)),
  };
}

function withCapacities(
  problem: SiteProblem,
  change: (capacity: Capacity, breach: BreachPrice) => Capacity,
): SiteProblem {
  const breach = breachPrice(problem);
  return withMeters(problem, (capacity) => change(capacity, breach));
}

/** How many times the energy prices a breach costs, so that no trade of energy over a few days pays for one. */
const ENERGY_FACTOR = 1000;

/** How many times the other prices a breach costs: a breach in one step cannot save more than one of their units. */
const POWER_FACTOR = 10;

/** The highest breach costs less than the total, and only decides between breaches of equal total. */
const HIGHEST_SHARE = 1 / 30;

/**
 * A price that no breach is worth, in currency per MW and hour: compared with the prices of energy, of peaks, and of breaches
 * that have a price of their own.
 */
function breachPrice(problem: SiteProblem): BreachPrice & { perHour: number } {
  const { stepHours } = problem;
  const prices = metersOf(problem).flatMap((meter) => [meter.consumptionPrices, meter.productionPrices]);
  const energy = Math.max(...prices.map(highestOf));
  const power = Math.max(0, ...powerPrices(problem)) / stepHours;
  const perHour = Math.max(ENERGY_FACTOR * energy, POWER_FACTOR * power) || ENERGY_FACTOR;
  return { perHour, highest: perHour * stepHours * HIGHEST_SHARE };
}

/** The prices of peaks and breaches in currency per MW in one step (per MWh of stock at one instant). */
function powerPrices(problem: SiteProblem): number[] {
  const meters = metersOf(problem);
  const limited = problem.devices.filter(({ kind }) => kind === 'storage' || kind === 'flexible');
  const limits = [...meters, ...(limited as Capacities[])].flatMap((one) => [
    one.consumptionCapacity,
    one.productionCapacity,
  ]);
  const bounds = stocksOf(problem).flatMap(({ socMinima, socMaxima }) => [socMinima, socMaxima]);
  return [
    ...meters
      .flatMap((one) => [one.consumptionPeak, one.productionPeak])
      .map((peak) => highestOf(peak?.pricePerMw ?? 0)),
    ...[...limits, ...bounds].map(
      (limit) =>
        highestOf(limit?.breach?.highest ?? 0) + highestOf(limit?.breach?.perHour ?? 0) * problem.stepHours,
    ),
  ];
}

/** Limits with a price of their own keep that. */
const softenCapacity = (capacity: Capacity, breach: BreachPrice): Capacity =>
  capacity.breach ? capacity : { ...capacity, breach };

const softenConnection = ({ hardLimitMw = Infinity }: Capacity, breach: BreachPrice): Capacity => ({
  mw: hardLimitMw,
  breach,
});

/** The problem with limits of connections and groups that allow what a schedule does. */
function raised(problem: SiteProblem, powers: Float64Array[], name: 'mw' | 'hardLimitMw'): SiteProblem {
  const powerOfMeter = metersOf(problem).map((meter) => powerAt(meter, problem.steps, powers));
  return withMeters(problem, (capacity, m, sign) => {
    const limit = capacity[name];
    if (limit === undefined || (name === 'mw' && capacity.breach)) return capacity;
    const allowed = powerOfMeter[m]!.map((net, t) => {
      const mw = valueAt(limit, t);
      const power = sign * net;
      // What exceeds the limit was found by a solver, with its rounding errors.
      return power > mw ? power + 1e-9 + 1e-7 * power : mw;
    });
    return { ...capacity, [name]: allowed };
  });
}

/** Shortens a process to the steps that it has. One that must run without breaks does not run if it has too few. */
function reachableProcess({ steps }: SiteProblem, device: ProcessDevice): SiteDevice {
  if (device.type === 'BREAKABLE') {
    return { ...device, durationSteps: Math.min(device.durationSteps, allowedSteps(device, steps).length) };
  }
  if (allowedStarts(device, steps).length > 0) return device;
  return { kind: 'inflexible', id: device.id, powerMw: new Float64Array(steps) };
}

/**
 * soc-min and soc-max in MWh at the end of each step, as far as the devices of the stock can keep them: where they cannot
 * reach them yet, they are the nearest stock that they can reach. They are widened for targets outside of them.
 */
function reachableBounds(problem: SiteProblem, stock: StorageDevice | SharedStock) {
  const { idle, lowestChange, highestChange } = stockRange(problem, stock);
  const { socMin, socMax } = stockLimits({ ...stock, socTargets: undefined }, problem.steps);
  const [socMinMwh, socMaxMwh] = [socMin.slice(1), socMax.slice(1)];
  const targets = new Map<number, number[]>();
  for (const { step, socMwh } of stock.socTargets ?? [])
    targets.set(step, [...(targets.get(step) ?? []), socMwh]);
  let [low, high] = [stock.socAtStartMwh, stock.socAtStartMwh];
  for (let t = 0; t < problem.steps; t++) {
    low = stockWhenIdle(idle, t, low) + lowestChange[t]!;
    high = stockWhenIdle(idle, t, high) + highestChange[t]!;
    const wanted = targets.get(t + 1) ?? [];
    socMinMwh[t] = Math.min(socMinMwh[t]!, socMaxMwh[t]!, high, ...wanted);
    socMaxMwh[t] = Math.max(socMaxMwh[t]!, low, ...wanted);
    low = Math.max(low, socMinMwh[t]!);
    high = Math.min(high, socMaxMwh[t]!);
  }
  return { socMinMwh, socMaxMwh };
}

const isPriced = (bound: SocBound | undefined): boolean => bound?.breach !== undefined;

/** Whether a stock has targets, or minima or maxima that have no price. */
const hasSocRequirements = ({ socTargets = [], socMinima, socMaxima }: Stock): boolean =>
  socTargets.length > 0 || [socMinima, socMaxima].some((bound) => bound && !isPriced(bound));

/** The stock without the targets, minima and maxima that have no price. */
const withoutSocRequirements = (_problem: SiteProblem, { socMinima, socMaxima }: Stock): Partial<Stock> => ({
  socTargets: undefined,
  socMinima: isPriced(socMinima) ? socMinima : undefined,
  socMaxima: isPriced(socMaxima) ? socMaxima : undefined,
});

/** Puts a price on all targets, minima and maxima. A target replaces minima and maxima at its instant. */
function softenSocRequirements(problem: SiteProblem, stock: Stock): Partial<Stock> {
  const { socTargets = [], socMinima, socMaxima } = stock;
  if (!hasSocRequirements(stock)) return {};
  const wanted = socTargets.filter(({ step }) => step > 0);
  const soften = (bound: SocBound | undefined, strictest: (a: number, b: number) => number) => {
    if (!bound && wanted.length === 0) return undefined;
    const mwh = bound?.mwh.slice() ?? new Float64Array(problem.steps).fill(NaN);
    const { highest, perHour } = stockBreachPrice(problem);
    const { breach: own } = bound ?? {};
    const prices = mwh.map((_, t) => (own ? valueAt(own.perHour ?? 0, t) : perHour));
    const seen = new Set<number>();
    for (const { step, socMwh } of wanted) {
      mwh[step - 1] = seen.has(step) ? strictest(mwh[step - 1]!, socMwh) : socMwh;
      prices[step - 1] = perHour;
      seen.add(step);
    }
    return { mwh, breach: { highest: own ? own.highest : highest, perHour: prices } };
  };
  return {
    socTargets: undefined,
    socMinima: soften(socMinima, Math.max),
    socMaxima: soften(socMaxima, Math.min),
  };
}

/** As `breachPrice`, per MWh of stock: a stock that is missed at one instant costs the same in steps of any length. */
function stockBreachPrice(problem: SiteProblem): { perHour: number; highest: number } {
  const { perHour } = breachPrice(problem);
  return { perHour: perHour / problem.stepHours, highest: perHour * HIGHEST_SHARE };
}
