import type { ProcessDevice } from './site-problem';

/** The steps at which a process can start to run without breaks, ascending. */
export function allowedStarts({ durationSteps, forbidden }: ProcessDevice, steps: number): number[] {
  const starts: number[] = [];
  let free = 0;
  for (let t = 0; t < steps; t++) {
    free = forbidden?.[t] ? 0 : free + 1;
    if (free >= durationSteps) starts.push(t - durationSteps + 1);
  }
  return starts;
}

/** The steps in which a process can run, ascending. */
export function allowedSteps({ forbidden }: ProcessDevice, steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => t).filter((t) => !forbidden?.[t]);
}

/** MW per step of a process that runs without breaks from a start; 0 in all steps if there is no start. */
export function runFrom(process: ProcessDevice, steps: number, start: number | undefined): Float64Array {
  const power = new Float64Array(steps);
  return start === undefined ? power : power.fill(process.powerMw, start, start + process.durationSteps);
}

/** Length in steps of the longest run in ascending steps. */
export function longestRun(steps: readonly number[]): number {
  let longest = 0;
  let run = 0;
  steps.forEach((step, i) => {
    run = i > 0 && steps[i - 1] === step - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}
