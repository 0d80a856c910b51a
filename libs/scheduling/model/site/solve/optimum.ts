import type { SiteMethod } from '../problem/site-problem';

/** How long to search, and which gap is good enough. */
export interface SearchLimits {
  /** performance.now() time at which the best schedule found is returned. */
  deadlineMs: number;
  /** Share of max(|cost|, turnover) that counts as optimal after `exactTimeMs`. */
  acceptedGap: number;
  /** Time for an exact solution by binary variables. */
  exactTimeMs: number;
  /** Time for the decomposition of sites with too many overlaps for binary variables. */
  decompositionTimeMs: number;
}

/** The best schedule that was found for a site. */
export interface Optimum {
  /** MW per step, consumption positive, by device in the order of the problem. */
  powers: Float64Array[];
  method: SiteMethod;
  /** Currency by which another schedule could be cheaper. */
  gap: number;
}
