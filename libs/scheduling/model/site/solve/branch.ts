import type { PreparedSite } from '../problem/prepared/prepared-site';
import type { Restrictions } from '../problem/prepared/restrictions';
import type { Overlaps } from './candidate';
import { addOverlaps, inAllSteps, type Search, type Solved } from './search';

/** If a relaxation has more overlaps, binary variables need less time. */
const maxOverlaps = 3;

/** So many linear programs are solved; each needs a small part of the time of a program with binary variables. */
const maxPrograms = 10;

/** A step in which a solution has both directions of a storage or meter. */
interface Choice {
  kind: 'directions' | 'meterDirections';
  /** Index of the storage or meter. */
  index: number;
  t: number;
}

/**
 * Proves the cheapest schedule of a site whose relaxation has few overlaps, by branch and bound: each branch allows only one
 * of the two directions of an overlap, and is a linear program that starts from the solution of the relaxation. If it does
 * not succeed, the schedules that it found stay in the search.
 */
export async function branchOnOverlaps(search: Search, relaxed: Solved): Promise<void> {
  if (relaxed.overlaps.count > maxOverlaps) return;
  const open = [relaxed];
  /** Lower bound of the costs in branches without overlaps. */
  let doneBound = Infinity;
  for (let programs = 0; ;) {
    open.sort((a, b) => b.bound - a.bound);
    const branch = open.pop();
    if (!branch || !search.canImprove(branch.bound)) {
      search.raiseBound(Math.min(doneBound, branch?.bound ?? Infinity));
      return;
    }
    const choice = firstChoice(branch.overlaps);
    if (!choice) return;
    for (const direction of [1, -1] as const) {
      if (programs++ === maxPrograms) return;
      const solved = await search.solve(restrictionsOf(search.site, branch, choice, direction));
      if (!solved) return;
      search.offerSolved(solved);
      if (solved.overlaps.count > 0) open.push(solved);
      else doneBound = Math.min(doneBound, solved.bound);
    }
  }
}

/** An overlap that a direction of a storage or meter ends; undefined if there are overlaps of other kinds. */
function firstChoice({
  storageSteps,
  meterSteps,
  flexibleSteps,
  processes,
  modes,
}: Overlaps): Choice | undefined {
  if (processes.length > 0 || modes.length > 0) return undefined;
  if ([...flexibleSteps.values()].some((steps) => steps.length > 0)) return undefined;
  const stepsOf = { directions: storageSteps, meterDirections: meterSteps };
  for (const kind of ['meterDirections', 'directions'] as const) {
    const index = stepsOf[kind].findIndex((steps) => steps.length > 0);
    if (index >= 0) return { kind, index, t: stepsOf[kind][index]![0]! };
  }
  return undefined;
}

/** The restrictions of a branch with one direction of a choice in addition, and all overlaps excluded by linear rows. */
function restrictionsOf(
  site: PreparedSite,
  { restrictions, overlaps }: Solved,
  { kind, index, t }: Choice,
  direction: 1 | -1,
): Restrictions {
  const branch: Restrictions = {
    ...restrictions,
    storageSteps: restrictions.storageSteps.map((steps) => new Set(steps)),
    meterSteps: restrictions.meterSteps.map((steps) => new Set(steps)),
  };
  addOverlaps(branch, inAllSteps(site, overlaps));
  const count = kind === 'directions' ? site.storages.length : site.meters.length;
  const directions = Array.from({ length: count }, (_, i) =>
    Int8Array.from(restrictions[kind]?.[i] ?? new Int8Array(site.problem.steps)),
  );
  directions[index]![t] = direction;
  return { ...branch, [kind]: directions };
}
