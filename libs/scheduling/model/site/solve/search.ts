import type { Solution, Solver } from '#lib/solver/model';
import { siteCosts } from '../evaluate/site-costs';
import { coarseFactor, coarseProblem } from '../problem/prepared/coarse-problem';
import { hasOnlyConnection, type PreparedSite, prepareSite } from '../problem/prepared/prepared-site';
import { type Choices, noRestrictions, type Restrictions } from '../problem/prepared/restrictions';
import { buildSiteProgram, type SiteProgram } from '../program/site-program';
import { startOf } from '../program/start-values';
import { transferBasis } from '../program/transfer-basis';
import { type Candidate, findOverlaps, fixedCost, type Overlaps, readCandidate } from './candidate';

/** A solved program. Money in currency. */
export interface Solved {
  solution: Solution;
  columns: Float64Array;
  program: SiteProgram;
  restrictions: Restrictions;
  /** Objective of the program. */
  objective: number;
  /** Lower bound of the cost of all schedules that meet the restrictions of the program. */
  bound: number;
  overlaps: Overlaps;
}

/** A solution of a similar program, near which the search for a solution starts. */
interface Start {
  solved: Solved;
  /** Number of steps of the program for one step of the similar one. */
  stepsPerStep: number;
}

const basisFrom = ({ solved: { solution, program }, stepsPerStep }: Start, to: SiteProgram) =>
  solution.basis && transferBasis(program, solution.basis, to, stepsPerStep);

/** The search for the best schedule of a site: the best one found so far, and a lower bound of all costs. */
export class Search {
  best: Candidate | undefined;
  bound = -Infinity;
  /** Modes and times of processes of the last schedule that was found by rounding. */
  choices: Choices | undefined;
  /** The last solution of the relaxation: other linear programs of the site start from it. */
  private relaxed: Start | undefined;

  constructor(
    readonly site: PreparedSite,
    readonly solver: Solver,
    readonly deadlineMs: number,
  ) {}

  get gap(): number {
    return this.best ? Math.max(0, this.best.objective - this.bound) : Infinity;
  }

  get remainingMs(): number {
    return Math.max(0, this.deadlineMs - performance.now());
  }

  /** Whether the gap is at most a share of max(|cost|, turnover), apart from solver noise. */
  isWithin(share: number): boolean {
    if (!this.best) return false;
    const { cost, turnover } = siteCosts(this.site.problem, this.best.powers);
    return this.gap <= this.noise(this.best) + share * Math.max(Math.abs(cost), turnover);
  }

  /** Whether a schedule that costs as little as a lower bound would be better than the best one, apart from solver noise. */
  canImprove(bound: number): boolean {
    return !this.best || bound < this.best.objective - this.noise(this.best);
  }

  private noise({ objective }: Candidate): number {
    return 1e-8 * (Math.abs(objective) + this.site.moneyUnit);
  }

  /** Keeps a candidate if it is valid and better than the best one; returns whether it is. */
  offer(candidate: Candidate): boolean {
    if (!candidate.isValid || (this.best && candidate.objective >= this.best.objective)) return false;
    this.best = candidate;
    return true;
  }

  /** Solves a program; undefined if it has no solution, or if none was found in time. */
  async solve(
    restrictions: Restrictions,
    options: { timeLimitMs?: number; mipGap?: number } = {},
  ): Promise<Solved | undefined> {
    const { site } = this;
    const program = buildSiteProgram(site, restrictions);
    const hasIntegers = program.program.integer !== undefined;
    const timeLimitMs = Math.max(1, Math.min(options.timeLimitMs ?? Infinity, this.remainingMs));
    const solution = await this.solver.solve(program.program, {
      ...options,
      timeLimitMs,
      ...(hasIntegers
        ? { start: this.best && startOf(site, program, this.best.powers) }
        : { basis: this.relaxed && basisFrom(this.relaxed, program) }),
      isCoupled: site.storages.length > 1 || !hasOnlyConnection(site),
    });
    const { columns } = solution;
    const constant = fixedCost(site);
    const inCurrency = (money: number) => money * site.moneyUnit + constant;
    // What binary variables exclude is impossible: the bound holds even if no schedule was found in time.
    const isBound = restrictions.usesBinaries && solution.status === 'time-limit';
    if (isBound) this.raiseBound(inCurrency(solution.bound ?? -Infinity));
    if (!columns || Number.isNaN(solution.objective)) return undefined;
    const bound = hasIntegers ? solution.bound : solution.objective;
    return {
      solution,
      columns,
      program,
      restrictions,
      objective: inCurrency(solution.objective),
      bound: solution.status === 'optimal' || hasIntegers ? inCurrency(bound ?? -Infinity) : -Infinity,
      overlaps: findOverlaps(site, program, columns),
    };
  }

  /** Solves the relaxation in longer steps, from a solution in still longer ones; undefined if the site is small. */
  private async solveCoarsely(): Promise<Start | undefined> {
    const stepsPerStep = coarseFactor(this.site);
    if (stepsPerStep === 1) return undefined;
    const site = prepareSite(coarseProblem(this.site.problem, stepsPerStep));
    if (!site) return undefined;
    const search = new Search(site, this.solver, this.deadlineMs);
    search.relaxed = await search.solveCoarsely();
    const solved = await search.solve(noRestrictions(site));
    return solved && { solved, stepsPerStep };
  }

  /**
   * Solves the linear relaxation. Its optimum bounds the cost of all schedules, and often is a schedule. If it has
   * overlaps, they are excluded by linear rows and the relaxation is solved again.
   */
  async solveRelaxation(): Promise<Solved | undefined> {
    const restrictions = noRestrictions(this.site);
    this.relaxed = await this.solveCoarsely();
    let last: Solved | undefined;
    for (;;) {
      const solved = await this.solve(restrictions);
      if (!solved) return last;
      last = solved;
      this.relaxed = { solved, stepsPerStep: 1 };
      this.take(solved);
      const isDone = this.isWithin(0) || this.remainingMs === 0;
      if (isDone || !addOverlaps(restrictions, inAllSteps(this.site, solved.overlaps))) return solved;
    }
  }

  /**
   * Excludes the overlaps of the last solution by binary variables and solves again, until there are no overlaps or the
   * time is over. Each solution bounds the cost of all schedules, because it excludes only what is impossible.
   *
   * @param refine makes a schedule of a solution with modes, whose integers are not exact
   */
  async solveWithBinaries(
    from: Solved,
    options: { timeLimitMs: number; mipGap: number },
    refine?: (solved: Solved) => Promise<unknown>,
  ): Promise<void> {
    const restrictions: Restrictions = { ...noRestrictions(this.site), usesBinaries: true };
    const endMs = performance.now() + Math.min(options.timeLimitMs, this.remainingMs);
    let last = from;
    while (last.overlaps.count > 0 && performance.now() < endMs) {
      addOverlaps(restrictions, inAllMeterSteps(this.site, last.overlaps));
      const timeLimitMs = endMs - performance.now();
      const solved = await this.solve(restrictions, { timeLimitMs, mipGap: options.mipGap });
      if (!solved) return;
      last = solved;
      this.take(solved);
      if (restrictions.modes.size > 0) await refine?.(solved);
      if (this.isWithin(options.mipGap)) return;
    }
  }

  /** Takes note of a lower bound of the cost of all schedules. */
  raiseBound(bound: number): void {
    this.bound = Math.max(this.bound, bound);
  }

  /** Offers the schedule that a solution stands for. */
  offerSolved({ program, columns }: Solved): void {
    this.offer(readCandidate(this.site, program, columns));
  }

  private take(solved: Solved): void {
    this.raiseBound(solved.bound);
    this.offerSolved(solved);
  }
}

/** Adds overlaps to the restrictions; returns whether a step of a device or of a meter is new. */
export function addOverlaps(restrictions: Restrictions, overlaps: Overlaps): boolean {
  const { storageSteps, meterSteps, flexibleSteps } = restrictions;
  let isNew = false;
  const add = (known: Set<number>, steps: readonly number[]) => {
    const before = known.size;
    for (const t of steps) known.add(t);
    if (known.size > before) isNew = true;
  };
  overlaps.storageSteps.forEach((steps, k) => add(storageSteps[k]!, steps));
  overlaps.meterSteps.forEach((steps, m) => add(meterSteps[m]!, steps));
  for (const [index, steps] of overlaps.flexibleSteps) {
    const known = flexibleSteps.get(index) ?? new Set();
    flexibleSteps.set(index, known);
    add(known, steps);
  }
  for (const k of overlaps.processes) restrictions.processes.add(k);
  for (const index of overlaps.modes) restrictions.modes.add(index);
  return isNew;
}

/** Extends overlaps of a meter to all steps in which they pay: otherwise the next solution moves them to another step. */
function inAllMeterSteps({ meters }: PreparedSite, overlaps: Overlaps): Overlaps {
  const meterSteps = overlaps.meterSteps.map((steps, m) => {
    if (steps.length === 0) return steps;
    const { consumptionPrices, productionPrices, isCoupled } = meters[m]!;
    const own = new Set(steps);
    const pays = (t: number) => isCoupled[t] === 1 && productionPrices[t]! > consumptionPrices[t]!;
    return Array.from(isCoupled, (_, t) => t).filter((t) => own.has(t) || pays(t));
  });
  return { ...overlaps, meterSteps };
}

/** Extends overlaps of one storage to all storages as well: otherwise the next solution moves them to another storage. */
export function inAllSteps(site: PreparedSite, overlaps: Overlaps): Overlaps {
  const steps = [...new Set(overlaps.storageSteps.flat())];
  const storageSteps = overlaps.storageSteps.map(() => steps);
  return { ...inAllMeterSteps(site, overlaps), storageSteps };
}
