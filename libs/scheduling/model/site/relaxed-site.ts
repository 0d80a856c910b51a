import type { Solver } from '#lib/solver/model';
import { explainInfeasibility } from '../fallback-schedule';
import { type Series, valueAt } from '../stock';
import { allowedSteps } from './process-runs';
import { describeSite } from './describe-site';
import { optimise } from './optimise';
import { hardLimit, type ImpossibleStorage, isImpossible, siteFrame } from './site-frame';
import type {
  Capacity,
  SiteDevice,
  SiteProblem,
  SiteSchedule,
  SocBound,
  StorageDevice,
} from './site-problem';

/** MW and MWh by which a limit has to be missed to be worth telling. */
const worthTelling = 1e-6;

/** Why a storage finds no schedule of its own: a sentence for the user. */
export const explainImpossible = ({ name, view, infeasibility }: ImpossibleStorage): string =>
  `${name}: ${explainInfeasibility(view, infeasibility)}`;

/**
 * A schedule for a site whose constraints cannot all be met: one that misses the limits of stocks and of the site by as
 * little energy and power as possible. Limits of a device's power are kept, and processes that find no time stay off.
 *
 * @param reasons what is known already of why there is no schedule
 */
export async function scheduleRelaxed(
  problem: SiteProblem,
  solver: Solver,
  reasons: string[],
  deadlineMs: number,
): Promise<SiteSchedule> {
  const relaxed = relax(problem);
  const frame = siteFrame(relaxed);
  const optimum = isImpossible(frame) ? undefined : await optimise(frame, solver, deadlineMs, 1e-3);
  const powers = optimum?.powers ?? problem.devices.map((device) => powerWhenIdle(problem, device));
  const schedule = describeSite(problem, { powers, method: 'fallback', gap: NaN }, Infinity);
  const known = reasons.length > 0 || !optimum ? reasons : explainMisses(problem, schedule);
  return {
    ...schedule,
    fallback: true,
    fallbackReason: known.join(' ') || 'No schedule was found in the time given.',
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
  return capacity && { mw: hardOrOwn(capacity), breach: { lasting: price } };
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
    socMinima: { mwh: bounds.min, breach: { lasting: price } },
    socMaxima: { mwh: bounds.max, breach: { lasting: price } },
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

/** The first miss of each limit in the schedule that misses least. */
function explainMisses(problem: SiteProblem, { devices, netPowerMw }: SiteSchedule): string[] {
  const reasons: string[] = [];
  const when = (step: number) => `${format((step + 1) * problem.stepHours)} h after the start`;
  const note = (excess: (t: number) => number, tell: (t: number, excess: number) => string) => {
    const first = netPowerMw.findIndex((_, t) => excess(t) > worthTelling);
    if (first >= 0) reasons.push(tell(first, excess(first)));
  };
  const limits = [
    ['site-consumption-capacity', problem.consumptionCapacity, 1],
    ['site-production-capacity', problem.productionCapacity, -1],
  ] as const;
  for (const [name, capacity, sign] of limits) {
    if (!capacity) continue;
    const limit = (t: number) => valueAt(hardLimit(capacity), t);
    note(
      (t) => sign * netPowerMw[t]! - limit(t),
      (t, excess) =>
        `In the step that ends ${when(t)} the ${name} of ${format(limit(t))} MW cannot be kept: ${format(limit(t) + excess)} MW is needed.`,
    );
  }
  problem.devices.forEach((device, i) => {
    if (device.kind !== 'storage') return;
    const { min, max } = wantedSoc(problem, device);
    const soc = devices[i]!.socMwh!;
    const tell = (rule: string, wanted: Float64Array) => (t: number) =>
      `${device.name}: ${isTarget(device, t) ? 'soc-target' : rule} of ${format(wanted[t]!)} MWh ${when(t)} cannot be met together with the other constraints: the nearest is ${format(soc[t + 1]!)} MWh.`;
    note((t) => min[t]! - soc[t + 1]!, tell('soc-min', min));
    note((t) => soc[t + 1]! - max[t]!, tell('soc-max', max));
  });
  return reasons;
}

const isTarget = (device: StorageDevice, t: number): boolean =>
  device.socTargets?.some(({ step }) => step === t + 1) ?? false;

const format = (value: number) => String(Number(value.toFixed(6)));
