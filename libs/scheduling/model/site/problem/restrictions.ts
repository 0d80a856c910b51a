import type { PreparedSite } from './prepared-site';

/** Where the relaxation is tightened: nowhere, unless its optimum asked for it. */
export interface Restrictions {
  /**
   * Whether exclusions hold as they are, by binary variables. Otherwise only by shares of time, as if a step could be
   * divided: the closest that a linear program comes to them.
   */
  usesBinaries: boolean;
  /** By storage: the steps in which charging and discharging exclude each other. */
  storageSteps: Set<number>[];
  /** The steps in which the site either imports or exports. */
  siteSteps: Set<number>;
  /** Processes that run fully or not at all. */
  processes: Set<number>;
  /** By storage and step: 1 where it may only charge, -1 where only discharge, 0 where both. */
  directions?: Int8Array[];
}

export const noRestrictions = ({ storages }: PreparedSite): Restrictions => ({
  usesBinaries: false,
  storageSteps: storages.map(() => new Set()),
  siteSteps: new Set(),
  processes: new Set(),
});
