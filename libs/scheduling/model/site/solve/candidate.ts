import { totalTieCost } from '../../problem/tie-breaks';
import { powerOfPath } from '../../storage/path-power';
import { checkSchedule } from '../evaluate/check-schedule';
import { siteCosts } from '../evaluate/site-costs';
import type { PreparedSite, ProcessPlan, StoragePlan } from '../problem/prepared-site';
import { partsOfDuration, powerOfRun } from '../problem/process-runs';
import type { SiteProgram } from '../program/site-program';
import type { StorageColumns } from '../program/storage-rows';

/** A schedule that may become the best one. */
export interface Candidate {
  /** MW per step, consumption positive, by device in the order of the problem. */
  powers: Float64Array[];
  /** Currency; the cost that is minimised, price slopes included. */
  objective: number;
  /** Whether it meets all constraints. */
  isValid: boolean;
}

/**
 * Where a solution of the relaxation does what is impossible: a storage charges and discharges at once, the site
 * imports and exports at once, or a process is split over several choices.
 */
export interface Overlaps {
  /** By storage. */
  storageSteps: number[][];
  siteSteps: number[];
  /** Indices of processes. */
  processes: number[];
  count: number;
}

/** Units of power, or shares; smaller values are solver noise. */
const noise = 1e-7;

/** Computes the objective of a schedule and checks its constraints. */
export function evaluateCandidate(site: PreparedSite, powers: Float64Array[]): Candidate {
  const { problem } = site;
  let objective = siteCosts(problem, powers).cost;
  const addSlope = (index: number, slope: Float64Array) => {
    powers[index]!.forEach((power, t) => {
      objective += power * slope[t]! * problem.stepHours;
    });
  };
  for (const { index, slope } of [...site.storages, ...site.processes]) addSlope(index, slope);
  for (const { index, slope } of site.curtailables) addSlope(index, slope);
  for (const { index, device } of site.storages) {
    const stock = { ...device, stepHours: problem.stepHours };
    objective += totalTieCost(site.ties.storage, stock, powers[index]!);
  }
  const tolerance = 1e-9 + 1e-7 * site.powerUnitMw;
  return { powers, objective, isValid: checkSchedule(problem, powers, tolerance).length === 0 };
}

/** Currency; constant part of the cost, which the linear program of a site leaves out. */
export function fixedCost({ problem, directPrices, fixedPowerMw }: PreparedSite): number {
  let cost = 0;
  for (let t = 0; t < problem.steps; t++) cost += directPrices[t]! * fixedPowerMw[t]! * problem.stepHours;
  return cost;
}

/** Converts a solution to a schedule in which each storage has one direction per step. */
export function readCandidate(site: PreparedSite, program: SiteProgram, columns: Float64Array): Candidate {
  const powers = site.problem.devices.map((_, i) => site.fixed.get(i) ?? new Float64Array(0));
  site.storages.forEach((plan, k) => {
    powers[plan.index] = readStorage(site, plan, program.storages[k]!, columns);
  });
  site.processes.forEach((plan, k) => {
    powers[plan.index] = readProcess(plan, program.processes[k]!.choices, columns, site.problem.steps);
  });
  site.curtailables.forEach(({ index, device }, k) => {
    powers[index] = Float64Array.from(program.curtailables[k]!, (column, t) =>
      Math.min(0, Math.max(columns[column]! * site.powerUnitMw, -device.forecastMw[t]!)),
    );
  });
  return evaluateCandidate(site, powers);
}

function readStorage(
  { problem }: PreparedSite,
  { device, limits, stockProblem }: StoragePlan,
  { stock }: StorageColumns,
  columns: Float64Array,
): Float64Array {
  const path = new Float64Array(problem.steps + 1);
  stock.forEach((column, t) => (path[t + 1] = columns[column]!));
  return powerOfPath({ ...device, stepHours: problem.stepHours }, limits, stockProblem, path);
}

/** Takes the choices with the largest shares. */
function readProcess(plan: ProcessPlan, choices: Int32Array, columns: Float64Array, steps: number) {
  const { device, runs } = plan;
  const ranked = (from: number, to: number) =>
    Array.from(choices.subarray(from, to), (column, k) => ({ share: columns[column]!, k }))
      .sort((a, b) => b.share - a.share || a.k - b.k)
      .map(({ k }) => k);
  if (device.type === 'SHIFTABLE') return powerOfRun(device, steps, runs[ranked(0, choices.length)[0]!]);
  const { full, share } = partsOfDuration(device.durationSteps);
  const power = new Float64Array(steps);
  const count = plan.steps.length;
  for (const k of ranked(0, count).slice(0, full)) power[plan.steps[k]!] = device.powerMw;
  if (share === 0) return power;
  const part = ranked(count, 2 * count).find((k) => power[plan.steps[k]!] === 0);
  if (part !== undefined) power[plan.steps[part]!] = share * device.powerMw;
  return power;
}

export function findOverlaps(site: PreparedSite, program: SiteProgram, columns: Float64Array): Overlaps {
  const areBothUsed = (a: number, b: number) =>
    a >= 0 && b >= 0 && columns[a]! > noise && columns[b]! > noise;
  const stepsWhere = (isOverlap: (t: number) => boolean) =>
    Array.from({ length: site.problem.steps }, (_, t) => t).filter(isOverlap);
  const storageSteps = program.storages.map(({ charging, discharging }) =>
    stepsWhere((t) => areBothUsed(charging[t]!, discharging[t]!)),
  );
  const siteSteps = stepsWhere((t) => {
    const net = program.net[t];
    return net !== undefined && areBothUsed(net.imported, net.exported);
  });
  const isSplit = (choices: Int32Array) =>
    choices.some((column) => columns[column]! > noise && columns[column]! < 1 - noise);
  const processes = program.processes.flatMap(({ choices }, k) => (isSplit(choices) ? [k] : []));
  const count = storageSteps.reduce((sum, steps) => sum + steps.length, 0) + siteSteps.length;
  return { storageSteps, siteSteps, processes, count: count + processes.length };
}
