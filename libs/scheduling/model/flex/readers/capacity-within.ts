import type { BreachPrice, Capacity } from '../..';

/**
 * A capacity in one direction within a hard limit of both directions, MW per step. Steps in which one is unknown have no such
 * limit.
 *
 * @param breach price of exceeding the capacity, up to the hard limit; undefined if it is hard as well
 * @returns the hard limit if there is no capacity; undefined without both
 */
export function capacityWithin(
  hardMw: Float64Array | undefined,
  mw: Float64Array | undefined,
  breach: BreachPrice | undefined,
): Capacity | undefined {
  const hardLimitMw = hardMw && unlimitedWhereUnknown(hardMw);
  if (!mw) return hardLimitMw && { mw: hardLimitMw, hardLimitMw };
  return { mw: unlimitedWhereUnknown(mw), hardLimitMw, breach };
}

const unlimitedWhereUnknown = (mw: Float64Array): Float64Array =>
  mw.map((limit) => (Number.isNaN(limit) ? Infinity : limit));
