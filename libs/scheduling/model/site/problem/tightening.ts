import type { SiteFrame } from './site-frame';

/** Where the relaxation is tightened: nowhere, unless its optimum asked for it. */
export interface Tightening {
  /**
   * Whether exclusions hold as they are, by binary variables. Otherwise only by shares of time, as if a step could be
   * divided: the closest that a linear program comes to them.
   */
  isWhole: boolean;
  /** By storage: the steps in which charging and discharging exclude each other. */
  storageSteps: Set<number>[];
  /** The steps in which the site either imports or exports. */
  siteSteps: Set<number>;
  /** Processes that run fully or not at all. */
  processes: Set<number>;
  /** By storage and step: 1 where it may only charge, -1 where only discharge, 0 where both. */
  directions?: Int8Array[];
}

export const noTightening = ({ storages }: SiteFrame): Tightening => ({
  isWhole: false,
  storageSteps: storages.map(() => new Set()),
  siteSteps: new Set(),
  processes: new Set(),
});
