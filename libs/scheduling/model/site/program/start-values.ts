import type { SolveOptions } from '#lib/solver/model';
import type { PreparedSite } from '../problem/prepared-site';
import type { Choices } from '../problem/restrictions';
import type { SiteProgram } from './site-program';

/** The values of binary variables that stand for choices, to start a program from; undefined if there are none. */
export function startOf(
  { storages, flexibles, processes }: PreparedSite,
  program: SiteProgram,
  choices: Choices | undefined,
): SolveOptions['start'] {
  if (!choices) return undefined;
  const columns: number[] = [];
  const values: number[] = [];
  const add = (column: number, value: number) => {
    columns.push(column);
    values.push(value);
  };
  const addModes = (index: number, modes: number[][] | undefined) => {
    const chosen = choices.fixedModes.get(index);
    modes?.forEach((ofStep, t) => ofStep.forEach((column, m) => add(column, chosen?.[t] === m ? 1 : 0)));
  };
  storages.forEach(({ index }, k) => addModes(index, program.storages[k]!.modes));
  flexibles.forEach(({ index }, k) => addModes(index, program.flexibles[k]!.modes));
  processes.forEach(({ device, steps }, k) => {
    if (device.type !== 'BREAKABLE') return;
    const power = choices.fixedProcesses[k]!;
    const isAtFull = (t: number) => Math.abs(power[t]! - device.powerMw) < 1e-9 * Math.abs(device.powerMw);
    steps.forEach((t, i) => add(program.processes[k]!.choices[i]!, isAtFull(t) ? 1 : 0));
  });
  return columns.length > 0
    ? { columns: Int32Array.from(columns), values: Float64Array.from(values) }
    : undefined;
}
