import { type StepLimits, stepLimits, stockLimits } from '../../problem/step-limits';
import { simulateStock, valueAt } from '../../problem/stock';
import { constraintOf, type Meter, metersOf, powerAt } from '../problem/meters';
import { distanceToModes } from '../problem/modes';
import type {
  Coupling,
  FlexibleDevice,
  OperationMode,
  ProcessDevice,
  SharedStock,
  SiteDevice,
  SiteProblem,
  Stock,
  StorageDevice,
} from '../problem/site-problem';
import { rankedBreaches } from './ranked-breaches';
import { partsOfDuration } from '../problem/process-runs';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import { hardLimit, hardLimitAt, isolatedStorage, withHardBounds } from '../problem/storage-view';

export type ScheduleRule =
  | 'site-consumption-capacity'
  | 'site-production-capacity'
  | 'charge-power-max'
  | 'discharge-power-max'
  | 'soc-min'
  | 'soc-max'
  | 'soc-target'
  | 'process'
  | 'forecast'
  | 'inflexible-power'
  | 'consumption-capacity'
  | 'production-capacity'
  | 'commodity-balance'
  | 'operation-modes'
  | 'coupling'
  | 'total-breach'
  | 'published-power';

export interface Violation {
  /** Id of the device, group or stock, or name of the commodity; undefined for the site. */
  device?: string;
  rule: ScheduleRule;
  /** The step whose power, or whose state of charge at its end, breaks the rule. */
  step: number;
  /** MW or MWh by which the limit is exceeded, positive; Infinity for a process. */
  excess: number;
}

/**
 * Checks a schedule against all constraints that must be met. It simulates the stock of each storage, independently of
 * how the schedule was found. Limits with a price are not checked.
 *
 * @param powers MW per step, consumption positive, by device
 * @param tolerance MW and MWh by which a limit may be exceeded
 */
export function checkSchedule(
  problem: SiteProblem,
  powers: readonly Float64Array[],
  tolerance = 1e-6,
): Violation[] {
  const violations: Violation[] = [];
  const reportFor =
    (device?: string): Report =>
    (rule, step, excess) => {
      // Written so that NaN counts as a violation.
      if (!(excess <= tolerance)) violations.push({ device, rule, step, excess });
    };
  for (const meter of metersOf(problem)) {
    checkMeter(problem, meter, powers, reportFor(meter.kind === 'site' ? undefined : meter.name));
  }
  problem.devices.forEach((device, index) => {
    checkDevice(problem, device, powers[index]!, tolerance, reportFor(device.id));
  });
  for (const stock of problem.stocks ?? []) checkSharedStock(problem, stock, powers, reportFor(stock.id));
  for (const coupling of problem.couplings ?? []) checkCoupling(problem, coupling, powers, reportFor);
  for (const [{ totalMax = Infinity, perStep }, { total }] of rankedBreaches(problem, powers)) {
    // Each step may exceed its limit by the tolerance.
    reportFor()('total-breach', problem.steps - 1, (total - totalMax) / (perStep * problem.steps));
  }
  return violations;
}

/** Takes the amount by which a limit is exceeded; 0 or negative if it is met. */
type Report = (rule: ScheduleRule, step: number, excess: number) => void;

function checkMeter(
  problem: SiteProblem,
  meter: Meter,
  powers: readonly Float64Array[],
  report: Report,
): void {
  if (meter.kind === 'commitment') return;
  const consumptionMax = hardLimit(meter.consumptionCapacity);
  const productionMax = hardLimit(meter.productionCapacity);
  const [consumption, production] = [constraintOf(meter, 1), constraintOf(meter, -1)];
  powerAt(meter, problem.steps, powers).forEach((net, t) => {
    report(consumption as ScheduleRule, t, net - valueAt(consumptionMax, t));
    report(production as ScheduleRule, t, -net - valueAt(productionMax, t));
  });
}

function checkDevice(
  problem: SiteProblem,
  device: SiteDevice,
  powerMw: Float64Array,
  tolerance: number,
  report: Report,
): void {
  switch (device.kind) {
    case 'storage':
      checkStorage(problem, device, powerMw, report);
      break;
    case 'process':
      for (const step of processFaults(device, powerMw, tolerance)) report('process', step, Infinity);
      break;
    case 'curtailable':
      powerMw.forEach((mw, t) => {
        report('forecast', t, Math.max(mw, -mw - device.forecastMw[t]!));
      });
      break;
    case 'inflexible':
      powerMw.forEach((mw, t) => {
        report('inflexible-power', t, Math.abs(mw - device.powerMw[t]!));
      });
      break;
    case 'flexible':
      checkFlexible(problem, device, powerMw, report);
  }
}

function checkFlexible(
  { steps }: SiteProblem,
  device: FlexibleDevice,
  powerMw: Float64Array,
  report: Report,
): void {
  for (let t = 0; t < steps; t++) {
    const consumptionMax = Math.min(
      valueAt(device.consumptionMaxMw, t),
      hardLimitAt(device.consumptionCapacity, t),
    );
    const productionMax = Math.min(
      valueAt(device.productionMaxMw, t),
      hardLimitAt(device.productionCapacity, t),
    );
    report('charge-power-max', t, powerMw[t]! - consumptionMax);
    report('discharge-power-max', t, -powerMw[t]! - productionMax);
  }
  checkModes(device.modes, powerMw, report);
}

function checkModes(
  modes: readonly OperationMode[] | undefined,
  powerMw: Float64Array,
  report: Report,
): void {
  if (modes) powerMw.forEach((mw, t) => report('operation-modes', t, distanceToModes(modes, mw)));
}

/** The powers of all ports divided by their coefficients are the same. */
function checkCoupling(
  { devices, steps }: SiteProblem,
  { ports }: Coupling,
  powers: readonly Float64Array[],
  reportFor: (device: string) => Report,
): void {
  const indexOf = (id: string) => devices.findIndex((device) => device.id === id);
  const [first, ...others] = ports.map((port) => ({ ...port, power: powers[indexOf(port.device)]! }));
  for (const { device, coefficient, power } of others) {
    const report = reportFor(device);
    // In MW of the larger of the two.
    const scale = Math.max(Math.abs(first!.coefficient), Math.abs(coefficient));
    for (let t = 0; t < steps; t++) {
      const difference = first!.power[t]! * coefficient - power[t]! * first!.coefficient;
      report('coupling', t, Math.abs(difference) / scale);
    }
  }
}

function checkSharedStock(
  problem: SiteProblem,
  stock: SharedStock,
  powers: readonly Float64Array[],
  report: Report,
): void {
  const limits = stockLimits({ ...stock, ...withHardBounds(stock, problem.steps) }, problem.steps);
  checkSoc(stock, simulateSharedStock(problem, stock, powers), limits, report);
}

function checkStorage(
  problem: SiteProblem,
  device: StorageDevice,
  powerMw: Float64Array,
  report: Report,
): void {
  const storage = isolatedStorage(problem, device);
  const { powerMin, powerMax, socMin, socMax } = stepLimits(storage);
  for (let t = 0; t < problem.steps; t++) {
    report('charge-power-max', t, powerMw[t]! - powerMax[t]!);
    report('discharge-power-max', t, powerMin[t]! - powerMw[t]!);
  }
  checkModes(device.modes, powerMw, report);
  checkSoc(device, simulateStock(storage, powerMw, device.socAtStartMwh), { socMin, socMax }, report);
}

/** @param soc MWh after k steps */
function checkSoc(
  { socTargets }: Stock,
  soc: Float64Array,
  { socMin, socMax }: Pick<StepLimits, 'socMin' | 'socMax'>,
  report: Report,
): void {
  const targets = new Set(socTargets?.map(({ step }) => step));
  for (let k = 1; k < soc.length; k++) {
    report(targets.has(k) ? 'soc-target' : 'soc-min', k - 1, socMin[k]! - soc[k]!);
    report(targets.has(k) ? 'soc-target' : 'soc-max', k - 1, soc[k]! - socMax[k]!);
  }
}

/** Steps in which a process breaks a rule; the last step if its number of steps or of runs is wrong. */
function processFaults(
  { type, powerMw, durationSteps, forbidden }: ProcessDevice,
  power: Float64Array,
  tolerance: number,
): number[] {
  if (powerMw === 0) return [];
  const { full, share } = partsOfDuration(durationSteps);
  // Small processes beside large devices: on, partly on and off must stay distinct.
  const levels = [1, share, 1 - share].filter((level) => level > 0);
  const near = Math.min(tolerance, 0.25 * Math.abs(powerMw) * Math.min(...levels));
  const is = (mw: number, level: number) => Math.abs(mw - level * powerMw) <= near;
  const faults: number[] = [];
  const on = Array.from(power, (mw) => is(mw, 1));
  const part = Array.from(power, (mw) => share > 0 && is(mw, share));
  let starts = 0;
  let isPartInside = false;
  power.forEach((mw, t) => {
    const runs = on[t]! || part[t]!;
    if ((!runs && !is(mw, 0)) || (runs && forbidden?.[t])) faults.push(t);
    if (runs && !(on[t - 1] || part[t - 1])) starts++;
    if (part[t] && on[t - 1] && on[t + 1]) isPartInside = true;
  });
  const count = (flags: boolean[]) => flags.filter(Boolean).length;
  const isComplete = count(on) === full && count(part) === (share > 0 ? 1 : 0);
  const isOneRun = type === 'BREAKABLE' || (starts === 1 && !isPartInside);
  return isComplete && isOneRun ? faults : [...faults, power.length - 1];
}
