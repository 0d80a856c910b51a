import { roundPower } from './round-power';

/**
 * Resamples power to steps of another length: repeats it in shorter steps, averages it over longer ones. One length must
 * be a multiple of the other.
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
  const perNewStep = newStepMs / stepMs;
  const averages = Float64Array.from({ length: steps }, (_, k) => {
    const part = powerMw.subarray(k * perNewStep, (k + 1) * perNewStep);
    return part.reduce((sum, power) => sum + power, 0) / perNewStep;
  });
  return roundPower(averages);
}
