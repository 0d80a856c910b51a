import type { ProcessDevice } from './site-problem';

/** The steps at which a process may start to run without breaks, ascending. */
export function allowedStarts({ durationSteps, forbidden }: ProcessDevice, steps: number): number[] {
  const starts: number[] = [];
  let free = 0;
  for (let t = 0; t < steps; t++) {
    free = forbidden?.[t] ? 0 : free + 1;
    if (free >= durationSteps) starts.push(t - durationSteps + 1);
  }
  return starts;
}

/** The steps in which a process may run at all, ascending. */
export function allowedSteps({ forbidden }: ProcessDevice, steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => t).filter((t) => !forbidden?.[t]);
}

/** MW per step of a process that runs without breaks from a start; idle when there is none. */
export function runFrom(process: ProcessDevice, steps: number, start: number | undefined): Float64Array {
  const power = new Float64Array(steps);
  return start === undefined ? power : power.fill(process.powerMw, start, start + process.durationSteps);
}

/** Why a process finds no time to run, or undefined when it does. */
export function explainNoRun(process: ProcessDevice, steps: number): string | undefined {
  const { name, type, durationSteps } = process;
  const free = type === 'BREAKABLE' ? allowedSteps(process, steps).length : 0;
  const fits = type === 'BREAKABLE' ? free >= durationSteps : allowedStarts(process, steps).length > 0;
  if (fits) return undefined;
  const needs = `${name}: the process needs ${durationSteps} ${type === 'BREAKABLE' ? '' : 'consecutive '}steps`;
  return type === 'BREAKABLE'
    ? `${needs}, and may run in ${free} of the window.`
    : `${needs}, and its time restrictions leave no such time in the window.`;
}
