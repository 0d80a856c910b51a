import type { Solution, Solver } from '#lib/solver/model';
import { siteCosts } from '../evaluate/site-costs';
import type { PreparedSite } from '../problem/prepared-site';
import { noRestrictions, type Restrictions } from '../problem/restrictions';
import { buildSiteProgram, type SiteProgram } from '../program/site-program';
import { type Candidate, findOverlaps, fixedCost, type Overlaps, readCandidate } from './candidate';

/** A solved program with what it stands for. Money in currency. */
export interface Solved {
  solution: Solution;
  columns: Float64Array;
  program: SiteProgram;
  /** Objective of the program. */
  objective: number;
  /** Below this no schedule of the program's problem can cost. */
  bound: number;
  overlaps: Overlaps;
}

/** The best schedule known of a site so far, and how cheap any could be. */
export class Search {
  best: Candidate | undefined;
  bound = -Infinity;

  constructor(
    readonly frame: PreparedSite,
    readonly solver: Solver,
    readonly deadlineMs: number,
  ) {}

  get gap(): number {
    return this.best ? Math.max(0, this.best.objective - this.bound) : Infinity;
  }

  get remainingMs(): number {
    return Math.max(0, this.deadlineMs - performance.now());
  }

  /** Whether nothing is left to gain but the given share of max(|cost|, turnover), and solvers' noise. */
  isWithin(share: number): boolean {
    if (!this.best) return false;
    const { cost, turnover } = siteCosts(this.frame.problem, this.best.powers);
    const noise = 1e-8 * (Math.abs(this.best.objective) + this.frame.moneyUnit);
    return this.gap <= noise + share * Math.max(Math.abs(cost), turnover);
  }

  offer(candidate: Candidate): boolean {
    if (!candidate.isValid || (this.best && candidate.objective >= this.best.objective)) return false;
    this.best = candidate;
    return true;
  }

  /** Solves a program and offers what it stands for; undefined when it has no solution, or none was found in time. */
  async solve(
    tightening: Restrictions,
    options: { timeLimitMs?: number; mipGap?: number } = {},
  ): Promise<Solved | undefined> {
    const { frame } = this;
    const program = buildSiteProgram(frame, tightening);
    const timeLimitMs = Math.max(1, Math.min(options.timeLimitMs ?? Infinity, this.remainingMs));
    const solution = await this.solver.solve(program.program, {
      ...options,
      timeLimitMs,
      isCoupled: frame.storages.length > 1,
    });
    const { columns } = solution;
    if (!columns || Number.isNaN(solution.objective)) return undefined;
    const constant = fixedCost(frame);
    const inCurrency = (money: number) => money * frame.moneyUnit + constant;
    const bound = program.program.integer ? solution.bound : solution.objective;
    return {
      solution,
      columns,
      program,
      objective: inCurrency(solution.objective),
      bound:
        solution.status === 'optimal' || program.program.integer ? inCurrency(bound ?? -Infinity) : -Infinity,
      overlaps: findOverlaps(frame, program, columns),
    };
  }

  /**
   * The relaxation: its optimum bounds every schedule, and often is one. Where it does two things at once, it is
   * solved again with them sharing the step.
   */
  async relax(): Promise<Solved | undefined> {
    const tightening = noRestrictions(this.frame);
    let last: Solved | undefined;
    for (;;) {
      const solved = await this.solve(tightening);
      if (!solved) return last;
      last = solved;
      this.bound = Math.max(this.bound, solved.bound);
      this.offer(readCandidate(this.frame, solved.program, solved.columns));
      const isDone = this.isWithin(0) || this.remainingMs === 0;
      if (isDone || !extend(tightening, inAllStorages(solved.overlaps))) return solved;
    }
  }

  /**
   * Forbids what the last solution did at once, with binary variables, and solves again, until a solution does nothing
   * at once or time is over. Each solution bounds every schedule, for each still allows too much.
   */
  async tighten(from: Solved, options: { timeLimitMs: number; mipGap: number }): Promise<void> {
    const tightening = { ...noRestrictions(this.frame), usesBinaries: true };
    const endMs = performance.now() + Math.min(options.timeLimitMs, this.remainingMs);
    let last = from;
    while (last.overlaps.count > 0 && performance.now() < endMs) {
      extend(tightening, last.overlaps);
      const timeLimitMs = endMs - performance.now();
      const solved = await this.solve(tightening, { timeLimitMs, mipGap: options.mipGap });
      if (!solved) return;
      last = solved;
      this.bound = Math.max(this.bound, last.bound);
      this.offer(readCandidate(this.frame, last.program, last.columns));
      if (this.isWithin(options.mipGap)) return;
    }
  }
}

/** Adds overlaps to those excluded; whether any of them in power is new. */
function extend(tightening: Restrictions, { storageSteps, siteSteps, processes }: Overlaps): boolean {
  const count = () =>
    tightening.siteSteps.size + tightening.storageSteps.reduce((n, { size }) => n + size, 0);
  const before = count();
  storageSteps.forEach((steps, k) => {
    for (const t of steps) tightening.storageSteps[k]!.add(t);
  });
  for (const t of siteSteps) tightening.siteSteps.add(t);
  for (const k of processes) tightening.processes.add(k);
  return count() > before;
}

/** An overlap in one storage would only move on to the next one. */
function inAllStorages(overlaps: Overlaps): Overlaps {
  const steps = [...new Set(overlaps.storageSteps.flat())];
  return { ...overlaps, storageSteps: overlaps.storageSteps.map(() => steps) };
}
