import { powerOfPath } from '../../storage/path-power';
import { checkSchedule } from '../evaluate/check-schedule';
import { siteCosts } from '../evaluate/site-costs';
import { runFrom } from '../problem/process-runs';
import type { ProcessPlan, PreparedSite, StoragePlan } from '../problem/prepared-site';
import type { SiteProgram } from '../program/site-program';
import type { StorageColumns } from '../program/storage-rows';

/** A schedule that might be the answer. */
export interface Candidate {
  /** MW per step, consumption positive, by device in the order of the problem. */
  powers: Float64Array[];
  /** Currency by the prices that are optimised: the slopes included. */
  objective: number;
  /** Whether it keeps all constraints. */
  isValid: boolean;
}

/** How far storages, processes and the site do two things at once in a solution of the relaxation. */
export interface Overlaps {
  storageSteps: number[][];
  siteSteps: number[];
  processes: number[];
  count: number;
}

/** Units (of power, of a share) below which doing two things at once is the solver's noise. */
const noise = 1e-7;

/** Judges a schedule by the problem itself. */
export function evaluateCandidate(frame: PreparedSite, powers: Float64Array[]): Candidate {
  const { problem } = frame;
  let objective = siteCosts(problem, powers).cost;
  for (const { index, slope } of [...frame.storages, ...frame.processes]) {
    powers[index]!.forEach((power, t) => {
      objective += power * slope[t]! * problem.stepHours;
    });
  }
  const tolerance = 1e-9 + 1e-7 * frame.powerUnitMw;
  return { powers, objective, isValid: checkSchedule(problem, powers, tolerance).length === 0 };
}

/** Currency that the program of a frame leaves out: what cannot be decided. */
export function fixedCost({ problem, directPrices, fixedPowerMw }: PreparedSite): number {
  let cost = 0;
  for (let t = 0; t < problem.steps; t++) cost += directPrices[t]! * fixedPowerMw[t]! * problem.stepHours;
  return cost;
}

/** The schedule that a solution stands for, each storage in one direction per step. */
export function readCandidate(frame: PreparedSite, program: SiteProgram, columns: Float64Array): Candidate {
  const powers = frame.problem.devices.map((_, i) => frame.fixed.get(i) ?? new Float64Array(0));
  frame.storages.forEach((plan, k) => {
    powers[plan.index] = readStorage(frame, plan, program.storages[k]!, columns);
  });
  frame.processes.forEach((plan, k) => {
    powers[plan.index] = readProcess(plan, program.processes[k]!.choices, columns, frame.problem.steps);
  });
  frame.curtailables.forEach(({ index, device }, k) => {
    powers[index] = Float64Array.from(program.curtailables[k]!, (column, t) =>
      Math.min(0, Math.max(columns[column]! * frame.powerUnitMw, -device.forecastMw[t]!)),
    );
  });
  return evaluateCandidate(frame, powers);
}

function readStorage(
  { problem }: PreparedSite,
  { device, limits, stockProblem: scaled }: StoragePlan,
  { stock }: StorageColumns,
  columns: Float64Array,
): Float64Array {
  const path = new Float64Array(problem.steps + 1);
  stock.forEach((column, t) => (path[t + 1] = columns[column]!));
  return powerOfPath({ ...device, stepHours: problem.stepHours }, limits, scaled, path);
}

function readProcess(plan: ProcessPlan, choices: Int32Array, columns: Float64Array, steps: number) {
  const { device } = plan;
  const share = (k: number) => columns[choices[k]!]!;
  const ranked = plan.choices.map((_, k) => k).sort((a, b) => share(b) - share(a) || a - b);
  if (device.type === 'SHIFTABLE') return runFrom(device, steps, plan.choices[ranked[0]!]);
  const power = new Float64Array(steps);
  for (const k of ranked.slice(0, device.durationSteps)) power[plan.choices[k]!] = device.powerMw;
  return power;
}

/** Where a solution does two things at once. */
export function findOverlaps(frame: PreparedSite, program: SiteProgram, columns: Float64Array): Overlaps {
  const both = (a: number, b: number) => a >= 0 && b >= 0 && columns[a]! > noise && columns[b]! > noise;
  const stepsWhere = (isOverlap: (t: number) => boolean) =>
    Array.from({ length: frame.problem.steps }, (_, t) => t).filter(isOverlap);
  const storageSteps = program.storages.map(({ charging, discharging }) =>
    stepsWhere((t) => both(charging[t]!, discharging[t]!)),
  );
  const siteSteps = stepsWhere((t) => {
    const net = program.net[t];
    return net !== undefined && both(net.imported, net.exported);
  });
  const isSplit = (choices: Int32Array) =>
    choices.some((column) => columns[column]! > noise && columns[column]! < 1 - noise);
  const processes = program.processes.flatMap(({ choices }, k) => (isSplit(choices) ? [k] : []));
  const count = storageSteps.reduce((sum, steps) => sum + steps.length, 0) + siteSteps.length;
  return { storageSteps, siteSteps, processes, count: count + processes.length };
}
