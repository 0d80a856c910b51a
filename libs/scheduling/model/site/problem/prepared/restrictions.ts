import type { PreparedSite } from './prepared-site';

/** Exclusions that are added to the linear relaxation, where its optimum needs them. */
export interface Restrictions {
  /**
   * Whether binary variables enforce the exclusions exactly. If not, they are linear, as if a step could be divided
   * between the two alternatives: the tightest linear relaxation.
   */
  usesBinaries: boolean;
  /** By storage: steps in which it either charges or discharges. */
  storageSteps: Set<number>[];
  /** By index of a flexible device (among those of the problem): steps in which it either consumes or produces. */
  flexibleSteps: Map<number, Set<number>>;
  /** By meter: steps in which power either flows in or out. */
  meterSteps: Set<number>[];
  /** Indices of the processes that run at full power or not at all. */
  processes: Set<number>;
  /** Indices of devices (among those of the problem) that run in one of their modes. */
  modes: Set<number>;
  /** By index of a device, and step: index of the mode in which it runs. */
  fixedModes?: Map<number, Uint8Array>;
  /** By process: MW per step. */
  fixedProcesses?: Float64Array[];
  /** By storage and step: 1 if it may only charge, -1 if it may only discharge, 0 if both. */
  directions?: Int8Array[];
  /** By meter and step: 1 if power may only flow in, -1 if it may only flow out, 0 if both; undefined for both in all. */
  meterDirections?: (Int8Array | undefined)[];
}

/**
 * What integers decide: the mode of each device in each step, the time of each process, and whether power flows in or out at
 * meters whose relaxation has both.
 */
export type Choices = Required<Pick<Restrictions, 'fixedModes' | 'fixedProcesses' | 'meterDirections'>>;

export const noRestrictions = ({ storages, meters }: PreparedSite): Restrictions => ({
  usesBinaries: false,
  storageSteps: storages.map(() => new Set()),
  meterSteps: meters.map(() => new Set()),
  flexibleSteps: new Map(),
  processes: new Set(),
  modes: new Set(),
});
