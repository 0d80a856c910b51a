import { stockLimits } from '../../../problem/step-limits';
import { stockWhenIdle } from '../../../problem/stock';
import { allowedStarts, allowedSteps } from '../../problem/process-runs';
import type {
  ProcessDevice,
  SharedStock,
  SiteDevice,
  SiteProblem,
  StorageDevice,
} from '../../problem/site-problem';
import { stockRange } from '../../problem/stock-range';
import { withStocks } from './relaxed-limits';

/**
 * The problem with limits that its devices can keep, as far as no other device is concerned: processes run as long as there is
 * time, and soc-min and soc-max are widened where a stock cannot keep them.
 */
export const withReachableLimits = (problem: SiteProblem): SiteProblem =>
  withStocks(
    {
      ...problem,
      devices: problem.devices.map((device) =>
        device.kind === 'process' ? reachableProcess(problem, device) : device,
      ),
    },
    reachableBounds,
  );

/** Shortens a process to the steps that it has. One that must run without breaks does not run if it has too few. */
function reachableProcess({ steps }: SiteProblem, device: ProcessDevice): SiteDevice {
  if (device.type === 'BREAKABLE') {
    return { ...device, durationSteps: Math.min(device.durationSteps, allowedSteps(device, steps).length) };
  }
  if (allowedStarts(device, steps).length > 0) return device;
  return { kind: 'inflexible', id: device.id, powerMw: new Float64Array(steps) };
}

/**
 * soc-min and soc-max in MWh at the end of each step, as far as the devices of the stock can keep them: where they cannot
 * reach them yet, they are the nearest stock that they can reach. They are widened for targets outside of them.
 */
function reachableBounds(problem: SiteProblem, stock: StorageDevice | SharedStock) {
  const { idle, lowestChange, highestChange } = stockRange(problem, stock);
  const { socMin, socMax } = stockLimits({ ...stock, socTargets: undefined }, problem.steps);
  const [socMinMwh, socMaxMwh] = [socMin.slice(1), socMax.slice(1)];
  const targets = new Map<number, number[]>();
  for (const { step, socMwh } of stock.socTargets ?? [])
    targets.set(step, [...(targets.get(step) ?? []), socMwh]);
  let [low, high] = [stock.socAtStartMwh, stock.socAtStartMwh];
  for (let t = 0; t < problem.steps; t++) {
    low = stockWhenIdle(idle, t, low) + lowestChange[t]!;
    high = stockWhenIdle(idle, t, high) + highestChange[t]!;
    const wanted = targets.get(t + 1) ?? [];
    socMinMwh[t] = Math.min(socMinMwh[t]!, socMaxMwh[t]!, high, ...wanted);
    socMaxMwh[t] = Math.max(socMaxMwh[t]!, low, ...wanted);
    low = Math.max(low, socMinMwh[t]!);
    high = Math.min(high, socMaxMwh[t]!);
  }
  return { socMinMwh, socMaxMwh };
}
