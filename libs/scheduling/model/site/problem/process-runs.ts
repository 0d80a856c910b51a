import type { Conflict } from '../../conflicts/conflict';
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

/** Why a process finds no time to run, in steps; undefined when it does. */
export function explainNoRun(process: ProcessDevice, steps: number): Conflict | undefined {
  const { name, type, durationSteps } = process;
  const allowed = allowedSteps(process, steps);
  const available = type === 'BREAKABLE' ? allowed.length : longestRun(allowed);
  if (available >= durationSteps) return undefined;
  const isRestricted = allowed.length < steps;
  return {
    kind: 'time',
    constraint: 'duration',
    device: name,
    fromStep: 0,
    step: steps,
    untilStep: steps,
    wanted: durationSteps,
    nearest: available,
    needed: durationSteps,
    available,
    limitedBy: isRestricted ? [{ constraint: 'time-restrictions', device: name }] : [],
  };
}

/** @param steps ascending */
function longestRun(steps: readonly number[]): number {
  let longest = 0;
  let run = 0;
  steps.forEach((step, i) => {
    run = i > 0 && steps[i - 1] === step - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}
