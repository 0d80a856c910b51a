import { stockChange, type StockDevice, stockWhenIdle } from '../../problem/stock';
import { distanceToModes, nearestMode } from '../problem/modes';
import type { PreparedSite, StoragePlan } from '../problem/prepared/prepared-site';
import { type Choices, noRestrictions } from '../problem/prepared/restrictions';
import type { OperationMode } from '../problem/site-problem';
import { powersWithModes, readCandidate, readProcesses } from './candidate';
import { errorDiffusion } from './error-diffusion';
import type { Search, Solved } from './search';

/** Ways to round that are tried, and more of them as long as they take little time. */
const attempts = { least: 4, most: 16, shortMs: 100 };

/**
 * Searches for schedules by rounding: fixes the modes and the times of processes that are nearest to those of a
 * relaxation, and lets the linear program choose all powers. Sets the choices of the best schedule in the search.
 */
export async function tryChoices(search: Search, relaxed: Solved, acceptedGap: number): Promise<void> {
  let best: Choices | undefined;
  const endMs = performance.now() + attempts.shortMs;
  for (let attempt = 0; attempt < attempts.most && search.remainingMs > 0; attempt++) {
    if (attempt >= attempts.least && performance.now() > endMs) break;
    const choices = choicesOf(search.site, relaxed, attempt);
    if (await solveWithChoices(search, choices)) best = choices;
    if (search.isWithin(acceptedGap)) break;
  }
  search.choices = best ?? search.choices;
}

/** Lets the linear program choose the powers for given choices; returns whether the schedule is the best so far. */
export async function solveWithChoices(search: Search, choices: Choices): Promise<boolean> {
  const solved = await search.solve({ ...noRestrictions(search.site), ...choices });
  if (!solved) return false;
  search.choices ??= choices;
  return search.offer(readCandidate(search.site, solved.program, solved.columns));
}

/**
 * The choices of a solution; rounded where it has none.
 *
 * @param attempt number of the way to round; every second one follows the stocks of storages
 */
export function choicesOf(site: PreparedSite, solved: Solved, attempt: number): Choices {
  const { program, columns } = solved;
  const fixedModes = new Map(
    powersWithModes(site, program, columns).map(({ index, modes, powerMw }): [number, Uint8Array] => {
      const storage = site.storages.find((plan) => plan.index === index);
      const follower = storage && attempt % 2 === 0 ? new StockFollower(site, storage) : undefined;
      return [index, roundToModes(modes, powerMw, errorDiffusion(index, attempt), follower)];
    }),
  );
  const fixedProcesses = readProcesses(site, program, columns);
  return { fixedModes, fixedProcesses, meterDirections: meterDirections(solved, attempt) };
}

/** One direction for each step of meters at which power flows in and out at once, by error diffusion. */
function meterDirections({ program, columns, overlaps }: Solved, attempt: number) {
  const { columnUpper } = program.program;
  return program.net.map((net, m) => {
    if (overlaps.meterSteps[m]!.length === 0) return undefined;
    const round = errorDiffusion(m, attempt);
    return Int8Array.from(net, (one) => {
      if (!one || one.exported < 0) return 0;
      const [inwards, outwards] = [one.imported, one.exported].map(
        (j) => columns[j]! / (columnUpper[j]! || 1),
      ) as [number, number];
      if (inwards + outwards < 1e-7) return 0;
      return round(inwards / (inwards + outwards)) ? 1 : -1;
    });
  });
}

/**
 * One mode per step. Powers between two modes are rounded to one of them by error diffusion. Of a storage, a mode that would
 * lead out of the reachable stocks is not chosen if another one does not.
 */
function roundToModes(
  modes: readonly OperationMode[],
  powerMw: Float64Array,
  round: (share: number) => boolean,
  follower: StockFollower | undefined,
): Uint8Array {
  const ascending = modes.map((_, m) => m).sort((a, b) => modes[a]!.lowestMw - modes[b]!.lowestMw);
  const nearest = (mw: number): number => {
    const below = ascending.filter((m) => modes[m]!.highestMw <= mw).at(-1);
    const above = ascending.find((m) => modes[m]!.lowestMw >= mw);
    const isInside = distanceToModes(modes, mw) <= 1e-7 * Math.max(1e-3, Math.abs(mw));
    if (isInside || below === undefined || above === undefined) return nearestMode(modes, mw);
    const [from, to] = [modes[below]!.highestMw, modes[above]!.lowestMw];
    return round((mw - from) / (to - from)) ? above : below;
  };
  return Uint8Array.from(powerMw, (mw, t) => {
    const wanted = nearest(mw);
    return follower ? follower.choose(t, modes, wanted, mw) : wanted;
  });
}

/** Follows the stock of a storage under the modes that were chosen so far. */
class StockFollower {
  private soc: number;
  private readonly device: StockDevice;

  constructor(
    { problem }: PreparedSite,
    private readonly plan: StoragePlan,
  ) {
    this.device = { ...plan.device, stepHours: problem.stepHours };
    this.soc = plan.device.socAtStartMwh;
  }

  /** The wanted mode of step t, or the mode with the nearest power that keeps the stock within its reachable range. */
  choose(t: number, modes: readonly OperationMode[], wanted: number, powerMw: number): number {
    const { stockMin, stockMax, stockUnitMwh } = this.plan.stockProblem;
    const { powerMin, powerMax } = this.plan.limits;
    const start = this.plan.device.socAtStartMwh;
    const idle = stockWhenIdle(this.device, t, this.soc);
    const [lowest, highest] = [stockMin, stockMax].map((limit) => start + limit[t + 1]! * stockUnitMwh) as [
      number,
      number,
    ];
    const limited = (mw: number) => Math.min(Math.max(mw, powerMin[t]!), powerMax[t]!);
    const options = modes.map(({ lowestMw, highestMw }, m) => {
      const [from, to] = [lowestMw, highestMw].map(
        (mw) => idle + stockChange(this.device, t, limited(mw)),
      ) as [number, number];
      const planned = idle + stockChange(this.device, t, limited(powerMw));
      const soc = Math.min(Math.max(planned, from, lowest), to);
      const miss = Math.max(0, lowest - to, from - highest);
      const distance = m === wanted ? -1 : Math.abs((lowestMw + highestMw) / 2 - powerMw);
      return { m, soc, miss: miss > 1e-9 * stockUnitMwh ? miss : 0, distance };
    });
    options.sort((a, b) => a.miss - b.miss || a.distance - b.distance);
    this.soc = options[0]!.soc;
    return options[0]!.m;
  }
}
