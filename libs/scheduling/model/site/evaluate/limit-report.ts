import type { ConstraintName } from '../../conflicts/conflict';
import { simulateStock, valueAt } from '../../problem/stock';
import type { Capacity, SiteProblem, SocBound, StorageDevice } from '../problem/site-problem';
import { siteCosts } from './site-costs';

/** An amount at a moment: MWh of stock, or MW. */
export interface LimitMoment {
  /** Steps from the start of the window: to the instant of a state of charge, or to the step of a power. */
  step: number;
  amount: number;
}

/** How far a schedule keeps a limit that may give way. */
export interface LimitReport {
  constraint: ConstraintName;
  /** Id of the device that the limit belongs to; undefined for the site. */
  device?: string;
  /** Whether the limit may be exceeded at a price. */
  isPriced: boolean;
  unit: 'MWh' | 'MW';
  /** All moments at which the limit is not kept, ascending, and by how much. */
  breaches: LimitMoment[];
  /** When the schedule is closest to the limit, and how far it is from it; undefined if the limit is not kept. */
  closest?: LimitMoment;
}

/** MWh or MW, and share of a limit, within which the limit counts as kept: noise of solvers. */
const TOLERANCE = { amount: 1e-7, share: 1e-6 };

/**
 * Reports on the limits of a site that may give way: targets, minima and maxima of states of charge, directional capacities of
 * the site, and those of devices if they have a price. Limits that are unlimited throughout are left out.
 *
 * @param powers MW per step, consumption positive, by device in the order of the problem
 */
export function reportLimits(problem: SiteProblem, powers: readonly Float64Array[]): LimitReport[] {
  const { netPowerMw } = siteCosts(problem, powers);
  return [
    ...reportCapacity('site-consumption-capacity', problem.consumptionCapacity, netPowerMw),
    ...reportCapacity('site-production-capacity', problem.productionCapacity, negative(netPowerMw)),
    ...problem.devices.flatMap((device, index) =>
      device.kind === 'storage' ? reportStorage(problem, device, powers[index]!) : [],
    ),
  ];
}

const negative = (series: Float64Array): Float64Array => series.map((value) => -value);

function reportStorage(problem: SiteProblem, storage: StorageDevice, powerMw: Float64Array): LimitReport[] {
  const { id: device, socTargets = [], consumptionCapacity, productionCapacity } = storage;
  const soc = simulateStock(
    { ...storage, stepHours: problem.stepHours },
    powerMw,
    storage.socAtStartMwh,
  ).subarray(1);
  const targets = new Float64Array(problem.steps).fill(NaN);
  for (const { step, socMwh } of socTargets) if (step > 0) targets[step - 1] = socMwh;
  // A target replaces minima and maxima at its instant.
  const bound = ({ mwh, ...rest }: SocBound): SocBound => ({
    ...rest,
    mwh: mwh.map((one, t) => (Number.isNaN(targets[t]!) ? one : NaN)),
  });
  const { socMinima: minima, socMaxima: maxima } = storage;
  const reports = [
    ...(minima ? reportSoc('soc-minima', bound(minima), (t, mwh) => mwh - soc[t]!) : []),
    ...(maxima ? reportSoc('soc-maxima', bound(maxima), (t, mwh) => soc[t]! - mwh) : []),
    ...reportSoc('soc-target', { mwh: targets }, (t, mwh) => Math.abs(soc[t]! - mwh)),
    ...(consumptionCapacity?.breach
      ? reportCapacity('consumption-capacity', consumptionCapacity, powerMw)
      : []),
    ...(productionCapacity?.breach
      ? reportCapacity('production-capacity', productionCapacity, negative(powerMw))
      : []),
  ];
  return reports.map((report) => ({ ...report, device }));
}

function reportCapacity(
  constraint: ConstraintName,
  capacity: Capacity | undefined,
  powerMw: Float64Array,
): LimitReport[] {
  if (!capacity) return [];
  const { mw, breach, hardLimitMw = Infinity } = capacity;
  const moments = Array.from(powerMw, (power, t) => {
    const limit = Math.min(valueAt(mw, t), valueAt(hardLimitMw, t));
    return { step: t, limit, excess: power - limit };
  });
  return summarised({ constraint, isPriced: breach !== undefined, unit: 'MW' }, moments);
}

function reportSoc(
  constraint: ConstraintName,
  { mwh, breach }: SocBound,
  excessOf: (t: number, limit: number) => number,
): LimitReport[] {
  const moments = Array.from(mwh, (limit, t) => ({ step: t + 1, limit, excess: excessOf(t, limit) }));
  return summarised({ constraint, isPriced: breach !== undefined, unit: 'MWh' }, moments);
}

/** @param moments with the limit and the amount above it; negative if the limit is kept */
function summarised(
  limit: Pick<LimitReport, 'constraint' | 'isPriced' | 'unit'>,
  moments: readonly { step: number; limit: number; excess: number }[],
): LimitReport[] {
  const limited = moments.filter((one) => Number.isFinite(one.limit));
  if (limited.length === 0) return [];
  const breaches = limited
    .filter((one) => one.excess > TOLERANCE.amount + TOLERANCE.share * Math.abs(one.limit))
    .map(({ step, excess }) => ({ step, amount: excess }));
  if (breaches.length > 0) return [{ ...limit, breaches }];
  const closest = limited.reduce((best, one) => (one.excess > best.excess ? one : best));
  return [{ ...limit, breaches, closest: { step: closest.step, amount: Math.max(0, -closest.excess) } }];
}
