import type { ConstraintName } from '../../conflicts/conflict';
import { simulateStock, valueAt } from '../../problem/stock';
import { capacityOf, constraintOf, type Meter, metersOf, powerAt } from '../problem/meters';
import type {
  Capacities,
  Capacity,
  SiteProblem,
  SocBound,
  Stock,
  StorageDevice,
} from '../problem/site-problem';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import { isOwnLimit } from '../problem/storage-view';

/** An amount at a moment: MWh of stock, or MW. */
export interface LimitMoment {
  /** Steps from the start of the window: to the instant of a state of charge, or to the step of a power. */
  step: number;
  amount: number;
}

/** How far a schedule keeps a limit that may give way. */
export interface LimitReport {
  constraint: ConstraintName;
  /** Id of the device, group or shared stock that the limit belongs to; undefined for the site. */
  device?: string;
  /** Commodity of the connection that the limit belongs to; undefined for electricity. */
  commodity?: string;
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
 * the site, its commodities and groups, and those of devices if they have a price. Limits that are unlimited throughout are left
 * out.
 *
 * @param powers MW per step, consumption positive, by device in the order of the problem
 */
export function reportLimits(problem: SiteProblem, powers: readonly Float64Array[]): LimitReport[] {
  return [
    ...metersOf(problem).flatMap((meter) => reportMeter(meter, powerAt(meter, problem.steps, powers))),
    ...problem.devices.flatMap((device, index) => {
      if (device.kind !== 'storage' && device.kind !== 'flexible') return [];
      return [
        ...(device.kind === 'storage' ? reportStorage(problem, device, powers[index]!) : []),
        ...reportCapacities(device, powers[index]!, ({ breach }) => breach !== undefined),
      ].map((report) => ({ ...report, device: device.id }));
    }),
    ...(problem.stocks ?? []).flatMap((stock) =>
      reportStock(problem, stock, simulateSharedStock(problem, stock, powers)).map((report) => ({
        ...report,
        device: stock.id,
      })),
    ),
  ];
}

/** Connections, and capacities of groups for one direction. Commodities without a connection must balance. */
function reportMeter(meter: Meter, powerMw: Float64Array): LimitReport[] {
  const { kind, name, isInternal } = meter;
  if (kind === 'commitment' || isInternal) return [];
  if (kind === 'group')
    return reportCapacities(meter, powerMw, isOwnLimit).map((report) => ({ ...report, device: name }));
  const reports = ([1, -1] as const).flatMap((sign) =>
    reportCapacity(
      constraintOf(meter, sign),
      capacityOf(meter, sign),
      powerMw.map((mw) => sign * mw),
    ),
  );
  return kind === 'commodity' ? reports.map((report) => ({ ...report, commodity: name })) : reports;
}

const negative = (series: Float64Array): Float64Array => series.map((value) => -value);

function reportStorage(problem: SiteProblem, storage: StorageDevice, powerMw: Float64Array): LimitReport[] {
  const stock = { ...storage, stepHours: problem.stepHours };
  return reportStock(problem, storage, simulateStock(stock, powerMw, storage.socAtStartMwh));
}

/** Capacities of a device or group for one direction, as far as they are to be reported. */
function reportCapacities(
  { consumptionCapacity: consumption, productionCapacity: production }: Capacities,
  powerMw: Float64Array,
  isReported: (capacity: Capacity) => boolean,
): LimitReport[] {
  const report = (name: ConstraintName, capacity: Capacity | undefined, power: Float64Array) =>
    capacity && isReported(capacity) ? reportCapacity(name, capacity, power) : [];
  return [
    ...report('consumption-capacity', consumption, powerMw),
    ...report('production-capacity', production, negative(powerMw)),
  ];
}

/** @param socMwh at the start and after each step */
function reportStock(problem: SiteProblem, stock: Stock, socMwh: Float64Array): LimitReport[] {
  const { socTargets = [], socMinima: minima, socMaxima: maxima } = stock;
  const soc = socMwh.subarray(1);
  const targets = new Float64Array(problem.steps).fill(NaN);
  for (const { step, socMwh } of socTargets) if (step > 0) targets[step - 1] = socMwh;
  // A target replaces minima and maxima at its instant.
  const bound = ({ mwh, ...rest }: SocBound): SocBound => ({
    ...rest,
    mwh: mwh.map((one, t) => (Number.isNaN(targets[t]!) ? one : NaN)),
  });
  return [
    ...(minima ? reportSoc('soc-minima', bound(minima), (t, mwh) => mwh - soc[t]!) : []),
    ...(maxima ? reportSoc('soc-maxima', bound(maxima), (t, mwh) => soc[t]! - mwh) : []),
    ...reportSoc('soc-target', { mwh: targets }, (t, mwh) => Math.abs(soc[t]! - mwh)),
  ];
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
