import { valueAt } from '../../../problem/stock';
import { metersOf } from '../../problem/meters';
import type {
  BreachRank,
  Capacities,
  Capacity,
  DeviceGroup,
  SharedStock,
  SiteProblem,
  SocBound,
  Stock,
  StorageDevice,
} from '../../problem/site-problem';
import { stocksOf } from '../../problem/stock-plan';
import { isOwnLimit } from '../../problem/storage-view';

/** Limits that give way together: of stocks first, then capacities, and hard limits of connections and groups last. */
export type RankName = 'stocks' | 'capacities' | 'connections';

/** How far the limits of a rank may be exceeded. */
export interface Allowed {
  rank: BreachRank;
  /** Highest breach of each limit. */
  highestMax: number;
}

/** What happens with the limits of each rank: they are kept, left out, or may be exceeded. */
export type Relaxation = Record<RankName, 'kept' | 'dropped' | Allowed>;

/** The problem with relaxed limits. Limits with a price of their own keep that. */
export function relax(problem: SiteProblem, { stocks, capacities, connections }: Relaxation): SiteProblem {
  let relaxed = problem;
  if (stocks !== 'kept') {
    relaxed = withStocks(relaxed, (_, stock) =>
      stocks === 'dropped' ? withoutRequirements(stock) : softened(problem, stock, stocks),
    );
  }
  const groups = [
    ...limitGroups(problem, 'capacities', capacities),
    ...limitGroups(problem, 'connections', connections),
  ];
  relaxed = withCapacities(relaxed, ({ mw, hardLimitMw, breach }) => {
    const own = capacities === 'kept' || breach ? mw : (hardLimitMw ?? Infinity);
    const isFree = connections !== 'kept';
    // A limit that is the hard limit itself is no further one.
    return {
      mw: isFree && own === hardLimitMw ? Infinity : own,
      hardLimitMw: isFree ? undefined : hardLimitMw,
      breach,
    };
  });
  return groups.length > 0 ? { ...relaxed, groups: [...(relaxed.groups ?? []), ...groups] } : relaxed;
}

/** Whether the problem has limits of a rank. */
export function hasLimits(problem: SiteProblem, name: RankName): boolean {
  if (name !== 'stocks') return limitsOf(problem, name).length > 0;
  return stocksOf(problem).some(hasRequirements);
}

/** The problem without any price: only breaches of ranks cost something. */
export function withoutPrices(problem: SiteProblem): SiteProblem {
  const none = new Float64Array(problem.steps);
  const free = {
    consumptionPrices: none,
    productionPrices: none,
    consumptionPeak: undefined,
    productionPeak: undefined,
  };
  const onlyRank = <Limit extends Capacity | SocBound>(limit: Limit | undefined): Limit | undefined =>
    limit?.breach
      ? { ...limit, breach: { rank: limit.breach.rank, rankSteps: limit.breach.rankSteps } }
      : limit;
  const capacities = ({ consumptionCapacity, productionCapacity }: Capacities): Capacities => ({
    consumptionCapacity: onlyRank(consumptionCapacity),
    productionCapacity: onlyRank(productionCapacity),
  });
  const bounds = ({ socMinima, socMaxima }: Stock): Partial<Stock> => ({
    socMinima: onlyRank(socMinima),
    socMaxima: onlyRank(socMaxima),
  });
  return {
    ...problem,
    ...free,
    ...capacities(problem),
    commitments: undefined,
    commodities: problem.commodities?.map((one) => ({ ...one, ...free, ...capacities(one) })),
    groups: problem.groups?.map((one) => ({ ...one, ...capacities(one) })),
    stocks: problem.stocks?.map((one) => ({ ...one, ...bounds(one) })),
    devices: problem.devices.map((device) => {
      if (device.kind === 'storage') return { ...device, ...capacities(device), ...bounds(device) };
      return device.kind === 'flexible' ? { ...device, ...capacities(device) } : device;
    }),
  };
}

/** The problem with changed limits of its stocks. */
export const withStocks = (
  problem: SiteProblem,
  change: (problem: SiteProblem, stock: StorageDevice | SharedStock) => Partial<Stock>,
): SiteProblem => ({
  ...problem,
  devices: problem.devices.map((device) =>
    device.kind === 'storage' ? { ...device, ...change(problem, device) } : device,
  ),
  stocks: problem.stocks?.map((stock) => ({ ...stock, ...change(problem, stock) })),
});

/** The problem with changed capacities of its connections and groups. */
function withCapacities(problem: SiteProblem, change: (capacity: Capacity) => Capacity): SiteProblem {
  const changed = <Limited extends Capacities>(one: Limited): Limited => ({
    ...one,
    consumptionCapacity: one.consumptionCapacity && change(one.consumptionCapacity),
    productionCapacity: one.productionCapacity && change(one.productionCapacity),
  });
  return {
    ...changed(problem),
    commodities: problem.commodities?.map(changed),
    groups: problem.groups?.map(changed),
  };
}

/** The limits of connections and groups that belong to a rank, with the devices whose power counts. */
function limitsOf(problem: SiteProblem, name: 'capacities' | 'connections') {
  return metersOf(problem).flatMap((meter) =>
    (['consumptionCapacity', 'productionCapacity'] as const).flatMap((side) => {
      const capacity = meter[side];
      if (!capacity) return [];
      const { mw, hardLimitMw, breach } = capacity;
      const own = isOwnLimit(capacity) && !breach ? mw : undefined;
      const limit = name === 'connections' ? hardLimitMw : own;
      return limit === undefined ? [] : [{ meter, side, limit }];
    }),
  );
}

/** Groups with the limits of a rank, which may be exceeded. */
function limitGroups(
  problem: SiteProblem,
  name: 'capacities' | 'connections',
  allowed: Relaxation['capacities'],
): DeviceGroup[] {
  if (typeof allowed === 'string') return [];
  const { rank, highestMax } = allowed;
  return limitsOf(problem, name).map(({ meter, side, limit }, i) => {
    const hardLimitMw = Float64Array.from(
      { length: problem.steps },
      (_, t) => valueAt(limit, t) + highestMax,
    );
    return {
      id: `${name} ${i}`,
      members: meter.members.map((index) => problem.devices[index]!.id),
      [side]: { mw: limit, breach: { rank }, hardLimitMw },
    };
  });
}

const isPriced = (bound: SocBound | undefined): boolean => bound?.breach !== undefined;

/** Whether a stock has targets, or minima or maxima that have no price. */
const hasRequirements = ({ socTargets = [], socMinima, socMaxima }: Stock): boolean =>
  socTargets.some(({ step }) => step > 0) ||
  [socMinima, socMaxima].some((bound) => bound && !isPriced(bound));

/** The stock without the targets, minima and maxima that have no price. */
const withoutRequirements = ({ socMinima, socMaxima }: Stock): Partial<Stock> => ({
  socTargets: undefined,
  socMinima: isPriced(socMinima) ? socMinima : undefined,
  socMaxima: isPriced(socMaxima) ? socMaxima : undefined,
});

/** Allows that targets, minima and maxima without a price are missed. A target replaces minima and maxima at its instant. */
function softened({ steps }: SiteProblem, stock: Stock, { rank, highestMax }: Allowed): Partial<Stock> {
  if (!hasRequirements(stock)) return {};
  const targets = (stock.socTargets ?? []).filter(({ step }) => step > 0);
  const soften = (bound: SocBound | undefined, strictest: (a: number, b: number) => number) => {
    if (!bound && targets.length === 0) return undefined;
    const mwh = bound?.mwh.slice() ?? new Float64Array(steps).fill(NaN);
    const { breach: own } = bound ?? {};
    const rankSteps = new Uint8Array(steps).fill(own ? 0 : 1);
    const seen = new Set<number>();
    for (const { step, socMwh } of targets) {
      mwh[step - 1] = seen.has(step) ? strictest(mwh[step - 1]!, socMwh) : socMwh;
      rankSteps[step - 1] = 1;
      seen.add(step);
    }
    const ofOwn = (price = 0 as number | Float64Array) =>
      Float64Array.from(rankSteps, (isRanked, t) => (isRanked ? 0 : valueAt(price, t)));
    const price = own && { highest: own.highest && ofOwn(own.highest), perHour: ofOwn(own.perHour) };
    return { mwh, breach: { ...price, rank, rankSteps } };
  };
  const socMinima = soften(stock.socMinima, Math.max);
  const socMaxima = soften(stock.socMaxima, Math.min);
  const limited = (series: Stock['socMinMwh'], bound: typeof socMinima, sign: 1 | -1) =>
    Float64Array.from({ length: steps }, (_, t) => {
      const [hard, wanted] = [valueAt(series, t), bound?.mwh[t] ?? NaN];
      if (Number.isNaN(wanted) || !bound?.breach.rankSteps[t]) return hard;
      return sign === 1 ? Math.min(hard, wanted + highestMax) : Math.max(hard, wanted - highestMax);
    });
  return {
    socTargets: undefined,
    socMinima,
    socMaxima,
    socMinMwh: limited(stock.socMinMwh, socMinima, -1),
    socMaxMwh: limited(stock.socMaxMwh, socMaxima, 1),
  };
}
