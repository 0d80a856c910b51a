import type { Conflict } from '../../conflicts/conflict';
import { allowedSteps, longestRun } from '../problem/process-runs';
import type { ProcessDevice, SiteProblem } from '../problem/site-problem';
import { isolatedStorage } from '../problem/storage-view';
import { explainStorage } from './explain-storage';

/** Finds the conflicts that devices have on their own, whatever the rest of the site does. */
export function explainDevices(problem: SiteProblem): Conflict[] {
  return problem.devices.flatMap((device) => {
    if (device.kind === 'process') return explainProcess(device, problem.steps);
    if (device.kind !== 'storage') return [];
    return explainStorage(isolatedStorage(problem, device), device).filter(isSignificant);
  });
}

/** Smaller amounts are within the tolerances of the optimiser. */
const isSignificant = ({ needed, available }: Conflict): boolean => needed - available > 1e-9;

/** A conflict, in steps, if a process has too little time to run. */
function explainProcess(process: ProcessDevice, steps: number): Conflict[] {
  const { id: name, type, durationSteps } = process;
  const allowed = allowedSteps(process, steps);
  const available = type === 'BREAKABLE' ? allowed.length : longestRun(allowed);
  if (available >= durationSteps) return [];
  const isRestricted = allowed.length < steps;
  return [
    {
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
    },
  ];
}
