import type { ProcessPlan } from '../problem/prepared-site';
import type { SiteProgramBuilder } from './site-program-builder';

/** Columns of one process. */
export interface ProcessColumns {
  /** One per choice of the plan: 1 if the process starts then (if it runs then, for BREAKABLE processes). */
  choices: Int32Array;
}

/**
 * Adds a process: it starts once (SHIFTABLE), or runs in as many steps as it needs (BREAKABLE).
 *
 * @param isBinary whether each choice is 0 or 1; otherwise the process can be split over several choices
 */
export function addProcess(
  parts: SiteProgramBuilder,
  { device, choices, slope }: ProcessPlan,
  isBinary: boolean,
): ProcessColumns {
  const { builder } = parts;
  const kind = isBinary ? 'integer' : 'continuous';
  const runSteps = device.type === 'SHIFTABLE' ? device.durationSteps : 1;
  const count = device.type === 'SHIFTABLE' ? 1 : device.durationSteps;
  const columns = Int32Array.from(choices, (start) => {
    let cost = 0;
    for (let t = start; t < start + runSteps; t++) cost += parts.costPerMw(t, slope) * device.powerMw;
    return builder.addColumn(cost, 0, 1, kind);
  });
  builder.addRow(
    count,
    count,
    Array.from(columns),
    Array.from(columns, () => 1),
  );
  addRuns(parts, device.powerMw, choices, columns, runSteps);
  return { choices: columns };
}

/**
 * Adds the power of a process to the balance. For runs of several steps, a recursion gives the share that runs in each
 * step: run[t] = run[t - 1] + started[t] - ended[t].
 */
function addRuns(
  parts: SiteProgramBuilder,
  powerMw: number,
  choices: readonly number[],
  columns: Int32Array,
  runSteps: number,
): void {
  if (runSteps === 1) {
    choices.forEach((t, k) => {
      parts.addToBalance(t, columns[k]!, powerMw);
    });
    return;
  }
  const startAt = new Map(choices.map((start, k) => [start, columns[k]!]));
  let previous = -1;
  for (let t = 0; t < parts.site.problem.steps; t++) {
    const run = parts.builder.addColumn(0, 0, 1);
    const entries: [number, number][] = [[run, 1]];
    if (previous >= 0) entries.push([previous, -1]);
    const [started, ended] = [startAt.get(t), startAt.get(t - runSteps)];
    if (started !== undefined) entries.push([started, -1]);
    if (ended !== undefined) entries.push([ended, 1]);
    parts.builder.addRow(0, 0, entries.map(([column]) => column), entries.map(([, one]) => one)); // prettier-ignore
    parts.addToBalance(t, run, powerMw);
    previous = run;
  }
}
