import type { SolveOptions } from '#lib/solver/model';
import { powerAt } from '../problem/meters';
import { modesOf, nearestMode } from '../problem/modes';
import type { PreparedSite, ProcessPlan } from '../problem/prepared/prepared-site';
import { powerOfRun } from '../problem/process-runs';
import type { DirectionColumns } from './mode-rows';
import type { SiteProgram } from './site-program';

/**
 * The values of the binary variables in a schedule, to start a program from.
 *
 * @param powers MW per step by device
 */
export function startOf(
  site: PreparedSite,
  program: SiteProgram,
  powers: readonly Float64Array[],
): SolveOptions['start'] {
  const columns: number[] = [];
  const values: number[] = [];
  const add = (column: number, isOne: boolean) => {
    columns.push(column);
    values.push(isOne ? 1 : 0);
  };
  const addDevice = (index: number, { choices, modes: chosen }: DirectionColumns) => {
    const power = powers[index]!;
    for (const [t, column] of choices) add(column, power[t]! >= 0);
    const modes = chosen && modesOf(site.problem.devices[index]!);
    if (!modes) return;
    chosen.forEach((ofStep, t) => {
      const nearest = nearestMode(modes, power[t]!);
      ofStep.forEach((column, m) => add(column, m === nearest));
    });
  };
  site.storages.forEach(({ index }, k) => addDevice(index, program.storages[k]!));
  site.flexibles.forEach(({ index }, k) => addDevice(index, program.flexibles[k]!));
  site.processes.forEach((plan, k) => {
    const isChosen = choicesOfProcess(plan, powers[plan.index]!);
    program.processes[k]!.choices.forEach((column, i) => add(column, isChosen(i)));
  });
  program.net.forEach((net, m) => {
    if (!net.some((one) => one?.choice !== undefined)) return;
    const power = powerAt(site.meters[m]!, site.problem.steps, powers);
    net.forEach((one, t) => one?.choice !== undefined && add(one.choice, power[t]! >= 0));
  });
  return { columns: Int32Array.from(columns), values: Float64Array.from(values) };
}

/** Whether a process does what the choice with an index in `ProcessColumns.choices` stands for. */
function choicesOfProcess({ device, steps, runs }: ProcessPlan, power: Float64Array) {
  const isAt = (mw: number, wanted: number) => Math.abs(mw - wanted) < 1e-9 * Math.abs(device.powerMw);
  if (device.type === 'SHIFTABLE') {
    const run = runs.findIndex((one) =>
      powerOfRun(device, power.length, one).every((mw, t) => isAt(mw, power[t]!)),
    );
    return (i: number): boolean => i === run;
  }
  // The first choices are steps at full power, those after them steps at a share of it.
  return (i: number): boolean => {
    const mw = power[steps[i % steps.length]!]!;
    return i < steps.length ? isAt(mw, device.powerMw) : !isAt(mw, 0) && !isAt(mw, device.powerMw);
  };
}
