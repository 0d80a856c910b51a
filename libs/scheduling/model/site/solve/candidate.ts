import { totalTieCost } from '../../problem/tie-breaks';
import { powerOfPath } from '../../storage/path-power';
import { checkSchedule } from '../evaluate/check-schedule';
import { siteCosts } from '../evaluate/site-costs';
import { distanceToModes, modesOf, nearestMode } from '../problem/modes';
import type { PreparedSite, ProcessPlan, StoragePlan } from '../problem/prepared/prepared-site';
import { partsOfDuration, powerOfRun } from '../problem/process-runs';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import type { OperationMode, SiteDevice } from '../problem/site-problem';
import type { FlexibleColumns } from '../program/flexible-rows';
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
 * imports and exports at once, a process is split over several choices, or a device runs in none of its modes.
 */
export interface Overlaps {
  /** By storage. */
  storageSteps: number[][];
  /** By index of a flexible device. */
  flexibleSteps: Map<number, number[]>;
  /** By meter. */
  meterSteps: number[][];
  /** Indices of processes. */
  processes: number[];
  /** Indices of devices that run in none of their modes. */
  modes: number[];
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
  const sloped = [...site.storages, ...site.processes, ...site.flexibles, ...site.curtailables];
  for (const { index, slope } of sloped) addSlope(index, slope);
  for (const { index, device } of site.storages) {
    const stock = { ...device, stepHours: problem.stepHours };
    objective += totalTieCost(site.ties.storage, stock, powers[index]!);
  }
  for (const { stock } of site.stocks) {
    const soc = simulateSharedStock(problem, stock, powers);
    objective -= site.ties.storage.perStoredMwh * (soc[problem.steps]! - stock.socAtStartMwh);
  }
  const tolerance = 1e-9 + 1e-7 * site.powerUnitMw;
  return { powers, objective, isValid: checkSchedule(problem, powers, tolerance).length === 0 };
}

/** Currency; constant part of the cost, which the linear program of a site leaves out. */
export function fixedCost({ problem, meters }: PreparedSite): number {
  let cost = 0;
  for (const { directPrices, fixedPowerMw } of meters) {
    for (let t = 0; t < problem.steps; t++) cost += directPrices[t]! * fixedPowerMw[t]! * problem.stepHours;
  }
  return cost;
}

/** Converts a solution to a schedule in which each storage has one direction per step. */
export function readCandidate(site: PreparedSite, program: SiteProgram, columns: Float64Array): Candidate {
  const powers = site.problem.devices.map((_, i) => site.fixed.get(i) ?? new Float64Array(0));
  site.storages.forEach((plan, k) => {
    const power = readStorage(site, plan, program.storages[k]!, columns);
    powers[plan.index] = snapToModes(power, plan.device.modes);
  });
  site.processes.forEach((plan, k) => {
    const { choices, fixedMw } = program.processes[k]!;
    powers[plan.index] = fixedMw ?? readProcess(plan, choices, columns, site.problem.steps);
  });
  site.curtailables.forEach(({ index, device }, k) => {
    powers[index] = Float64Array.from(program.curtailables[k]!, (column, t) =>
      Math.min(0, Math.max(columns[column]! * site.powerUnitMw, -device.forecastMw[t]!)),
    );
  });
  site.flexibles.forEach(({ index, device, powerMin, powerMax }, k) => {
    const power = readFlexible(program.flexibles[k]!, columns, site.problem.steps);
    const inRange = power.map((mw, t) => Math.min(Math.max(mw, powerMin[t]!), powerMax[t]!));
    powers[index] = snapToModes(inRange, device.modes);
  });
  return evaluateCandidate(site, powers);
}

/** Moves power that misses the ranges of all modes by solver noise into the nearest one. */
function snapToModes(power: Float64Array, modes: readonly OperationMode[] | undefined): Float64Array {
  if (!modes) return power;
  return power.map((mw) => {
    const { lowestMw, highestMw } = modes[nearestMode(modes, mw)]!;
    const inside = Math.min(Math.max(mw, lowestMw), highestMw);
    return Math.abs(inside - mw) <= noise * Math.max(1e-3, Math.abs(inside)) * 10 ? inside : mw;
  });
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

function readFlexible(
  { charging, discharging, unitMw }: FlexibleColumns,
  columns: Float64Array,
  steps: number,
): Float64Array {
  const of = (column: number) => (column < 0 ? 0 : columns[column]!);
  return Float64Array.from({ length: steps }, (_, t) => (of(charging[t]!) - of(discharging[t]!)) * unitMw);
}

/** The power of each device with modes in a solution: one of several modes may be chosen in each step. */
export function powersWithModes(site: PreparedSite, program: SiteProgram, columns: Float64Array) {
  const ofPlans = (
    plans: readonly { index: number; device: SiteDevice }[],
    all: readonly FlexibleColumns[],
  ) =>
    plans.flatMap(({ index, device }, k) => {
      const modes = modesOf(device);
      return modes ? [{ index, modes, powerMw: readFlexible(all[k]!, columns, site.problem.steps) }] : [];
    });
  return [...ofPlans(site.storages, program.storages), ...ofPlans(site.flexibles, program.flexibles)];
}

function devicesOutsideModes(site: PreparedSite, program: SiteProgram, columns: Float64Array): number[] {
  return powersWithModes(site, program, columns).flatMap(({ index, modes, powerMw }) => {
    const tolerance =
      noise * Math.max(...modes.map(({ lowestMw, highestMw }) => Math.max(highestMw, -lowestMw)));
    return powerMw.some((mw) => distanceToModes(modes, mw) > tolerance) ? [index] : [];
  });
}

/** The power of each process whose time is to be chosen: the choices with the largest shares. */
export const readProcesses = (
  site: PreparedSite,
  program: SiteProgram,
  columns: Float64Array,
): Float64Array[] =>
  site.processes.map((plan, k) =>
    readProcess(plan, program.processes[k]!.choices, columns, site.problem.steps),
  );

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
  const flexibleSteps = new Map<number, number[]>();
  site.flexibles.forEach(({ index, device }, k) => {
    const { charging, discharging } = program.flexibles[k]!;
    // Without a stock, both directions at once are the same as their difference.
    const steps = device.stock ? stepsWhere((t) => areBothUsed(charging[t]!, discharging[t]!)) : [];
    if (steps.length > 0) flexibleSteps.set(index, steps);
  });
  const meterSteps = program.net.map((net) =>
    stepsWhere((t) => {
      const columnsOfStep = net[t];
      return columnsOfStep !== undefined && areBothUsed(columnsOfStep.imported, columnsOfStep.exported);
    }),
  );
  const isSplit = (choices: Int32Array) =>
    choices.some((column) => columns[column]! > noise && columns[column]! < 1 - noise);
  const processes = program.processes.flatMap(({ choices }, k) => (isSplit(choices) ? [k] : []));
  const modes = devicesOutsideModes(site, program, columns);
  const lists = [...storageSteps, ...flexibleSteps.values(), ...meterSteps, processes, modes];
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  return { storageSteps, flexibleSteps, meterSteps, processes, modes, count };
}
