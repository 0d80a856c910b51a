import type { OperationMode, SiteProblem } from './site-problem';

/** Narrows a range of power per step to the lowest and the highest power of all modes. */
export function narrowToModes(
  powerMin: Float64Array,
  powerMax: Float64Array,
  modes: readonly OperationMode[] | undefined,
): void {
  if (!modes) return;
  const lowest = Math.min(...modes.map(({ lowestMw }) => lowestMw));
  const highest = Math.max(...modes.map(({ highestMw }) => highestMw));
  for (let t = 0; t < powerMin.length; t++) {
    powerMin[t] = Math.max(powerMin[t]!, lowest);
    powerMax[t] = Math.min(powerMax[t]!, highest);
  }
}

/** MW; the highest consumption (sign 1) or production (sign -1) of all modes, 0 if there is none. */
export const highestInModes = (modes: readonly OperationMode[] | undefined, sign: 1 | -1): number =>
  modes
    ? Math.max(0, ...modes.map(({ lowestMw, highestMw }) => (sign === 1 ? highestMw : -lowestMw)))
    : Infinity;

/** The modes of a device that has any; undefined for other devices. */
export const modesOf = (device: SiteProblem['devices'][number]): readonly OperationMode[] | undefined =>
  'modes' in device ? device.modes : undefined;

/** MW between a power and the nearest mode; 0 within a mode. */
export function distanceToModes(modes: readonly OperationMode[], powerMw: number): number {
  let nearest = Infinity;
  for (const { lowestMw, highestMw } of modes) {
    nearest = Math.min(nearest, Math.max(lowestMw - powerMw, powerMw - highestMw, 0));
  }
  return nearest;
}

/** Index of the mode that is nearest to a power; the first of equals. */
export function nearestMode(modes: readonly OperationMode[], powerMw: number): number {
  const distances = modes.map((mode) => distanceToModes([mode], powerMw));
  return distances.indexOf(Math.min(...distances));
}
