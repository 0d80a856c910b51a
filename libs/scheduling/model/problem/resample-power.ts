import { roundPower } from '../storage/path-power';

/**
 * Power on steps of another length: repeated on shorter ones, averaged on longer ones, which must hold whole steps of
 * the other kind.
 *
 * @param powerMw MW, one per step
 * @returns MW, one per new step; averages are rounded as schedules are
 */
export function resamplePower(powerMw: Float64Array, stepMs: number, newStepMs: number): Float64Array {
  if (stepMs === newStepMs) return powerMw;
  const steps = Math.round((powerMw.length * stepMs) / newStepMs);
  if (newStepMs < stepMs) {
    return Float64Array.from({ length: steps }, (_, k) => powerMw[Math.floor((k * newStepMs) / stepMs)]!);
  }
  const each = newStepMs / stepMs;
  const averages = Float64Array.from({ length: steps }, (_, k) => {
    const part = powerMw.subarray(k * each, (k + 1) * each);
    return part.reduce((sum, power) => sum + power, 0) / each;
  });
  return roundPower(averages);
}
