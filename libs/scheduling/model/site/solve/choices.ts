import { distanceToModes, nearestMode } from '../problem/modes';
import type { PreparedSite } from '../problem/prepared-site';
import { type Choices, noRestrictions } from '../problem/restrictions';
import type { OperationMode } from '../problem/site-problem';
import { powersWithModes, readCandidate, readProcesses } from './candidate';
import type { Search, Solved } from './search';

/** Ways to round that are tried. */
const attempts = 3;

/**
 * Searches for schedules by rounding: fixes the modes and the times of processes that are nearest to those of a
 * relaxation, and lets the linear program choose all powers. Sets the choices of the best schedule in the search.
 */
export async function tryChoices(search: Search, relaxed: Solved): Promise<void> {
  for (let attempt = 0; attempt < attempts && search.remainingMs > 0; attempt++) {
    if (await solveWithChoices(search, choicesOf(search.site, relaxed, attempt))) return;
  }
}

/** Lets the linear program choose the powers for given choices; returns whether the schedule is the best so far. */
export async function solveWithChoices(search: Search, choices: Choices): Promise<boolean> {
  const solved = await search.solve({ ...noRestrictions(search.site), ...choices });
  if (!solved) return false;
  search.choices = choices;
  return search.offer(readCandidate(search.site, solved.program, solved.columns));
}

/**
 * The choices of a solution; rounded where it has none.
 *
 * @param attempt number of the way to round
 */
export function choicesOf(site: PreparedSite, { program, columns }: Solved, attempt: number): Choices {
  const fixedModes = new Map(
    powersWithModes(site, program, columns).map(({ index, modes, powerMw }) => [
      index,
      roundToModes(modes, powerMw, ((index + 1) * (attempt + 1) * 0.6180339887498949) % 1),
    ]),
  );
  return { fixedModes, fixedProcesses: readProcesses(site, program, columns) };
}

/**
 * One mode per step. Powers between two modes are rounded to one of them so that the sum over several steps stays the same
 * (error diffusion).
 */
function roundToModes(
  modes: readonly OperationMode[],
  powerMw: Float64Array,
  initialError: number,
): Uint8Array {
  const ascending = modes.map((_, m) => m).sort((a, b) => modes[a]!.lowestMw - modes[b]!.lowestMw);
  let error = initialError;
  return Uint8Array.from(powerMw, (mw) => {
    const below = ascending.filter((m) => modes[m]!.highestMw <= mw).at(-1);
    const above = ascending.find((m) => modes[m]!.lowestMw >= mw);
    const isInside = distanceToModes(modes, mw) <= 1e-7 * Math.max(1e-3, Math.abs(mw));
    if (isInside || below === undefined || above === undefined) return nearestMode(modes, mw);
    const [from, to] = [modes[below]!.highestMw, modes[above]!.lowestMw];
    error += (mw - from) / (to - from);
    if (error < 1) return below;
    error -= 1;
    return above;
  });
}
