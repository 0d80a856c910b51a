import type { Solver } from '#lib/solver/model';
import type { Conflict } from '../../conflicts/conflict';
import { hoursAfterStart, describeConflicts } from '../../conflicts/describe-conflict';
import { type Series, valueAt } from '../../problem/stock';
import { explainMissedLimits } from '../explain/explain-site';
import { allowedSteps } from '../problem/process-runs';
import { hardLimit, isInfeasibleStorage, prepareSite } from '../problem/prepared-site';
import type {
  Capacity,
  SiteDevice,
  SiteProblem,
  SiteSchedule,
  SocBound,
  StorageDevice,
} from '../problem/site-problem';
import { toSiteSchedule } from './site-schedule';
import { type SearchLimits, optimiseSite } from './optimise-site';

/**
 * A schedule for a site whose constraints cannot all be met: one that misses the limits of stocks and of the site by as
 * little energy and power as possible. Limits of a device's power are kept, and processes that find no time stay off.
 *
 * @param known conflicts that devices have on their own
 */
export async function scheduleRelaxed(
  problem: SiteProblem,
  solver: Solver,
  known: Conflict[],
  limits: SearchLimits,
): Promise<SiteSchedule> {
  const relaxed = relax(problem);
  const frame = prepareSite(relaxed);
  const optimum = isInfeasibleStorage(frame) ? undefined : await optimiseSite(frame, solver, limits);
  const powers = optimum?.powers ?? problem.devices.map((device) => powerWhenIdle(problem, device));
  const schedule = toSiteSchedule(problem, { powers, method: 'fallback', gap: NaN }, Infinity);
  const named = new Set(known.map(({ device }) => device));
  const misses = optimum ? explainMissedLimits(problem, optimum.powers) : [];
  // What a device lacks on its own is missed again in the schedule.
  const conflicts = [...known, ...misses.filter(({ device }) => device === undefined || !named.has(device))];
  return markAsFallback(problem, schedule, conflicts);
}

/** @param conflicts why there is no schedule that keeps all constraints; none where no time was left to find out */
export function markAsFallback(
  { stepHours }: SiteProblem,
  schedule: SiteSchedule,
  conflicts: Conflict[],
): SiteSchedule {
  const reason = describeConflicts(conflicts, hoursAfterStart(stepHours));
  return {
    ...schedule,
    fallback: true,
    fallbackReason: reason || 'No schedule was found in the time given.',
    conflicts,
    warnings: [],
  };
}

const powerWhenIdle = ({ steps }: SiteProblem, device: SiteDevice): Float64Array =>
  device.kind === 'inflexible' ? device.powerMw : new Float64Array(steps);

/** The problem with a price on every limit that may have to give way, too high to pay for anything else. */
function relax(problem: SiteProblem): SiteProblem {
  const price = 1000 * highestPrice(problem);
  return {
    ...problem,
    consumptionCapacity: relaxCapacity(problem.consumptionCapacity, price),
    productionCapacity: relaxCapacity(problem.productionCapacity, price),
    devices: problem.devices.map((device) => relaxDevice(problem, device, price)),
  };
}

function highestPrice({ consumptionPrices, productionPrices }: SiteProblem): number {
  let highest = 1;
  for (const prices of [consumptionPrices, productionPrices]) {
    for (const price of prices) highest = Math.max(highest, Math.abs(price));
  }
  return highest;
}

/** A capacity with a price below its hard limit keeps that price; the hard limit itself cannot be told apart then. */
function relaxCapacity(capacity: Capacity | undefined, price: number): Capacity | undefined {
  return capacity && { mw: hardOrOwn(capacity), breach: { perHour: price } };
}

const hardOrOwn = (capacity: Capacity): Series => (capacity.breach ? capacity.mw : hardLimit(capacity));

function relaxDevice(problem: SiteProblem, device: SiteDevice, price: number): SiteDevice {
  if (device.kind === 'process') return relaxProcess(problem, device);
  if (device.kind !== 'storage') return device;
  const bounds = wantedSoc(problem, device);
  return {
    ...device,
    socMinMwh: -Infinity,
    socMaxMwh: Infinity,
    socTargets: undefined,
    socMinima: { mwh: bounds.min, breach: { perHour: price } },
    socMaxima: { mwh: bounds.max, breach: { perHour: price } },
  };
}

function relaxProcess({ steps }: SiteProblem, device: SiteDevice & { kind: 'process' }): SiteDevice {
  if (device.type !== 'BREAKABLE') return device;
  return { ...device, durationSteps: Math.min(device.durationSteps, allowedSteps(device, steps).length) };
}

/** The stock that is wanted at the end of each step: bounds, minima and maxima, or a target instead. */
function wantedSoc({ steps }: SiteProblem, device: StorageDevice) {
  const min = new Float64Array(steps);
  const max = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    min[t] = highestOf(valueAt(device.socMinMwh, t), device.socMinima, t);
    max[t] = -highestOf(-valueAt(device.socMaxMwh, t), negative(device.socMaxima), t);
  }
  for (const { step, socMwh } of device.socTargets ?? []) {
    if (step > 0) min[step - 1] = max[step - 1] = socMwh;
  }
  return { min, max };
}

const negative = (bound: SocBound | undefined): SocBound | undefined =>
  bound && { mwh: bound.mwh.map((mwh) => -mwh) };

function highestOf(limit: number, bound: SocBound | undefined, t: number): number {
  const other = bound?.mwh[t] ?? NaN;
  return Number.isNaN(other) ? limit : Math.max(limit, other);
}
