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
  /** Steps in which the site either imports or exports. */
  siteSteps: Set<number>;
  /** Indices of the processes that run at full power or not at all. */
  processes: Set<number>;
  /** By storage and step: 1 if it may only charge, -1 if it may only discharge, 0 if both. */
  directions?: Int8Array[];
}

export const noRestrictions = ({ storages }: PreparedSite): Restrictions => ({
  usesBinaries: false,
  storageSteps: storages.map(() => new Set()),
  siteSteps: new Set(),
  processes: new Set(),
});
