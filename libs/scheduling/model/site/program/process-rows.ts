import type { ProcessPlan } from '../problem/prepared-site';
import type { SiteProgramBuilder } from './site-program-builder';

/** Columns of one process. */
export interface ProcessColumns {
  /** One per choice of the plan: whether it starts (or, with breaks, runs) then. */
  choices: Int32Array;
}

/**
 * Adds a process: it starts once (SHIFTABLE), or runs in as many steps as it needs (BREAKABLE).
 *
 * @param isWhole whether it runs fully or not at all; otherwise it may be split over several times
 */
export function addProcess(
  parts: SiteProgramBuilder,
  { device, choices, slope }: ProcessPlan,
  isWhole: boolean,
): ProcessColumns {
  const { builder } = parts;
  const kind = isWhole ? 'integer' : 'continuous';
  const runSteps = device.type === 'SHIFTABLE' ? device.durationSteps : 1;
  const times = device.type === 'SHIFTABLE' ? 1 : device.durationSteps;
  const columns = Int32Array.from(choices, (start) => {
    let cost = 0;
    for (let t = start; t < start + runSteps; t++) cost += parts.costPerMw(t, slope) * device.powerMw;
    return builder.addColumn(cost, 0, 1, kind);
  });
  builder.addRow(
    times,
    times,
    Array.from(columns),
    Array.from(columns, () => 1),
  );
  addRuns(parts, device.powerMw, choices, columns, runSteps);
  return { choices: columns };
}

/** Whether it runs in a step: whether it started as many steps before as a run has, or fewer; as a recursion. */
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
  for (let t = 0; t < parts.frame.problem.steps; t++) {
    const run = parts.builder.addColumn(0, 0, 1);
    const entries: [number, number][] = [[run, 1]];
    if (previous >= 0) entries.push([previous, -1]);
    const [begins, ends] = [startAt.get(t), startAt.get(t - runSteps)];
    if (begins !== undefined) entries.push([begins, -1]);
    if (ends !== undefined) entries.push([ends, 1]);
    parts.builder.addRow(0, 0, entries.map(([column]) => column), entries.map(([, one]) => one)); // prettier-ignore
    parts.addToBalance(t, run, powerMw);
    previous = run;
  }
}
