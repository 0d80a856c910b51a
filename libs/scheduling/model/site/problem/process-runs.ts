import type { ProcessDevice } from './site-problem';

/** A duration as steps at full power, and the share of the power in one more step; 0 if there is none. */
export function partsOfDuration(durationSteps: number): { full: number; share: number } {
  // Durations such as 1.5 h in steps of 6 min are whole numbers but for a rounding error.
  const full = Math.floor(durationSteps + 1e-9);
  return { full, share: durationSteps - full > 1e-9 ? durationSteps - full : 0 };
}

/** The steps at which a process can start to run without breaks, ascending. */
export function allowedStarts({ durationSteps, forbidden }: ProcessDevice, steps: number): number[] {
  const { full, share } = partsOfDuration(durationSteps);
  const length = full + (share > 0 ? 1 : 0);
  const starts: number[] = [];
  let free = 0;
  for (let t = 0; t < steps; t++) {
    free = forbidden?.[t] ? 0 : free + 1;
    if (free >= length) starts.push(t - length + 1);
  }
  return starts;
}

/** The steps in which a process can run, ascending. */
export function allowedSteps({ forbidden }: ProcessDevice, steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => t).filter((t) => !forbidden?.[t]);
}

/** A run without breaks: its steps at full power, and the step at a share of it; -1 if there is none. */
export interface ProcessRun {
  fullFrom: number;
  partAt: number;
}

/** The runs without breaks that a process can choose from: the step at a share of the power is the first or the last. */
export function allowedRuns(process: ProcessDevice, steps: number): ProcessRun[] {
  const { full, share } = partsOfDuration(process.durationSteps);
  return allowedStarts(process, steps).flatMap((start): ProcessRun[] => {
    if (share === 0) return [{ fullFrom: start, partAt: -1 }];
    const partLast = { fullFrom: start, partAt: start + full };
    return full === 0 ? [partLast] : [partLast, { fullFrom: start + 1, partAt: start }];
  });
}

/** MW per step of a process that runs without breaks; 0 in all steps if there is no run. */
export function powerOfRun(process: ProcessDevice, steps: number, run: ProcessRun | undefined): Float64Array {
  const { full, share } = partsOfDuration(process.durationSteps);
  const power = new Float64Array(steps);
  if (!run) return power;
  power.fill(process.powerMw, run.fullFrom, run.fullFrom + full);
  if (run.partAt >= 0) power[run.partAt] = share * process.powerMw;
  return power;
}

/** MW per step of a process that runs as early as it can; 0 in all steps if it has too little time. */
export function earliestRun(process: ProcessDevice, steps: number): Float64Array {
  if (process.type !== 'BREAKABLE') return powerOfRun(process, steps, allowedRuns(process, steps)[0]);
  const { full, share } = partsOfDuration(process.durationSteps);
  const power = new Float64Array(steps);
  const allowed = allowedSteps(process, steps);
  for (const t of allowed.slice(0, full)) power[t] = process.powerMw;
  const last = allowed[full];
  if (last !== undefined) power[last] = share * process.powerMw;
  return power;
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
