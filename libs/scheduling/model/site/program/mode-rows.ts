import type { OperationMode } from '../problem/site-problem';
import type { Restrictions } from '../problem/prepared/restrictions';
import type { SiteProgramBuilder } from './site-program-builder';

/** Columns of the consumption and the production of a device by step; -1 for none. */
export interface DirectionColumns {
  charging: Int32Array;
  discharging: Int32Array;
  /** By step: the binary variable that is 1 if the device may consume, 0 if it may produce. */
  choices: Map<number, number>;
  /** By step: the binary variable of each mode, if there are any. */
  modes?: number[][];
}

/** The mode of a device in each step. */
export interface FixedModes {
  modes: readonly OperationMode[];
  /** Indices of modes by step. */
  chosen: Uint8Array;
}

/** The modes that restrictions fix for a device. */
export function fixedModes(
  { fixedModes: fixed }: Restrictions,
  index: number,
  modes: readonly OperationMode[] | undefined,
): FixedModes | undefined {
  const chosen = fixed?.get(index);
  return chosen && modes && { modes, chosen };
}

/** A range of power in step t, narrowed to a fixed mode. It is the nearest power if the two do not overlap. */
export function rangeInMode(
  fixed: FixedModes | undefined,
  t: number,
  lowestMw: number,
  highestMw: number,
): [lowestMw: number, highestMw: number] {
  if (!fixed) return [lowestMw, highestMw];
  const mode = fixed.modes[fixed.chosen[t]!]!;
  const limit = (mw: number) => Math.min(Math.max(mw, lowestMw), highestMw);
  return [limit(mode.lowestMw), limit(mode.highestMw)];
}

/**
 * Adds one binary variable per mode and step: the power is in the range of the one mode that is chosen.
 *
 * @param index of the device
 * @param unitMw MW per unit of the columns
 * @returns by step: the variable of each mode
 */
export function addModes(
  parts: SiteProgramBuilder,
  index: number,
  modes: readonly OperationMode[],
  { charging, discharging }: Pick<DirectionColumns, 'charging' | 'discharging'>,
  unitMw: number,
): number[][] {
  const { builder } = parts;
  const all: number[][] = [];
  for (let t = 0; t < charging.length; t++) {
    parts.label('modes', index, t);
    const choices = modes.map(() => builder.addColumn(0, 0, 1, 'integer'));
    all.push(choices);
    builder.addRow(
      1,
      1,
      choices,
      choices.map(() => 1),
    );
    const [consumed, produced] = [charging[t]!, discharging[t]!];
    const power = [consumed, produced].filter((column) => column >= 0);
    const signs = power.map((column) => (column === consumed ? 1 : -1));
    const addRow = (lower: number, upper: number, own: number[], limit: (mode: OperationMode) => number) => {
      const limits = modes.map((mode) => -limit(mode) / unitMw);
      builder.addRow(lower, upper, [...power, ...choices], [...own, ...limits]);
    };
    addRow(0, Infinity, signs, ({ lowestMw }) => lowestMw);
    addRow(-Infinity, 0, signs, ({ highestMw }) => highestMw);
    if (power.length < 2) continue;
    addRow(-Infinity, 0, [1, 0], ({ highestMw }) => Math.max(0, highestMw));
    addRow(-Infinity, 0, [0, 1], ({ lowestMw }) => Math.max(0, -lowestMw));
  }
  return all;
}
