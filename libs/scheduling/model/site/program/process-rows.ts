import { partsOfDuration } from '../problem/process-runs';
import type { ProcessPlan } from '../problem/prepared/prepared-site';
import type { Restrictions } from '../problem/prepared/restrictions';
import type { SiteProgramBuilder } from './site-program-builder';

/** Columns of one process. */
export interface ProcessColumns {
  /**
   * 1 for what the process does: one per run of a SHIFTABLE process; one per step at full power of a BREAKABLE one,
   * followed by one per step at a share of the power if it has one.
   */
  choices: Int32Array;
  /** MW per step, if its power is fixed. */
  fixedMw?: Float64Array;
}

/**
 * Adds a process: it runs once (SHIFTABLE), or in as many steps as it needs (BREAKABLE). Each choice is 0 or 1 if the
 * restrictions say so; otherwise the process can be split over several choices.
 *
 * @param restrictions of the whole site; this process has the given index in them
 */
export function addProcess(
  parts: SiteProgramBuilder,
  plan: ProcessPlan,
  restrictions: Restrictions,
  index: number,
): ProcessColumns {
  const power = restrictions.fixedProcesses?.[index];
  if (power) return addFixedPower(parts, plan, power);
  const kind = restrictions.usesBinaries && restrictions.processes.has(index) ? 'integer' : 'continuous';
  return {
    choices: plan.device.type === 'SHIFTABLE' ? addRuns(parts, plan, kind) : addSteps(parts, plan, kind),
  };
}

/** Adds a process with a given power in each step. */
function addFixedPower(parts: SiteProgramBuilder, { index, slope }: ProcessPlan, power: Float64Array) {
  power.forEach((mw, t) => {
    if (mw !== 0) parts.addPower(index, t, mw, slope, 1, 1);
  });
  return { choices: new Int32Array(0), fixedMw: power };
}

type Kind = 'integer' | 'continuous';

/** Adds a row: the sum of columns is a number. */
function addSum(parts: SiteProgramBuilder, index: number, columns: readonly number[], sum: number): void {
  parts.label('choices', index, 0);
  parts.builder.addRow(
    sum,
    sum,
    [...columns],
    columns.map(() => 1),
  );
}

function addSteps(
  parts: SiteProgramBuilder,
  { device, index, steps, slope }: ProcessPlan,
  kind: Kind,
): Int32Array {
  const { full, share } = partsOfDuration(device.durationSteps);
  const add = (share: number, count: number) => {
    const columns = steps.map((t) => {
      parts.label('choices', index, t);
      const powerMw = share * device.powerMw;
      const column = parts.builder.addColumn(parts.costPerMw(index, t, slope) * powerMw, 0, 1, kind);
      parts.addToBalance(index, t, column, powerMw);
      return column;
    });
    addSum(parts, index, columns, count);
    return columns;
  };
  const atFull = add(1, full);
  if (share === 0) return Int32Array.from(atFull);
  const atShare = add(share, 1);
  atFull.forEach((column, k) => {
    parts.label('choices', index, steps[k]!);
    parts.builder.addRow(-Infinity, 1, [column, atShare[k]!], [1, 1]);
  });
  return Int32Array.from([...atFull, ...atShare]);
}

/**
 * Adds the runs of a process. A recursion gives the share that runs at full power in each step:
 * run[t] = run[t - 1] + started[t] - ended[t].
 */
function addRuns(
  parts: SiteProgramBuilder,
  { device, index, runs, slope }: ProcessPlan,
  kind: Kind,
): Int32Array {
  const { builder } = parts;
  const { full, share } = partsOfDuration(device.durationSteps);
  const startedAt = new Map<number, number[]>();
  const columns = runs.map(({ fullFrom, partAt }) => {
    let cost = 0;
    for (let t = fullFrom; t < fullFrom + full; t++)
      cost += parts.costPerMw(index, t, slope) * device.powerMw;
    if (partAt >= 0) cost += parts.costPerMw(index, partAt, slope) * share * device.powerMw;
    parts.label('choices', index, fullFrom);
    const column = builder.addColumn(cost, 0, 1, kind);
    if (partAt >= 0) parts.addToBalance(index, partAt, column, share * device.powerMw);
    startedAt.set(fullFrom, [...(startedAt.get(fullFrom) ?? []), column]);
    return column;
  });
  addSum(parts, index, columns, 1);
  if (full === 0) return Int32Array.from(columns);
  if (full === 1) {
    for (const [t, started] of startedAt) {
      for (const column of started) parts.addToBalance(index, t, column, device.powerMw);
    }
    return Int32Array.from(columns);
  }
  let previous = -1;
  for (let t = 0; t < parts.site.problem.steps; t++) {
    parts.label('run', index, t);
    const run = builder.addColumn(0, 0, 1);
    const entries: [number, number][] = [[run, 1]];
    if (previous >= 0) entries.push([previous, -1]);
    for (const column of startedAt.get(t) ?? []) entries.push([column, -1]);
    for (const column of startedAt.get(t - full) ?? []) entries.push([column, 1]);
    builder.addRow(0, 0, entries.map(([column]) => column), entries.map(([, one]) => one)); // prettier-ignore
    parts.addToBalance(index, t, run, device.powerMw);
    previous = run;
  }
  return Int32Array.from(columns);
}
