import { HighsSolver, type Solver } from '#lib/solver';
import { BasisStatus, type SolveOptions } from '#lib/solver/model';
import type { SiteProblem, StorageDevice } from '../problem/site-problem';
import { scheduleSite } from './schedule-site';

const solver = new HighsSolver();

const battery = (id: string, powerMw: number): StorageDevice => ({
  ...{ kind: 'storage', id, chargePowerMaxMw: powerMw, dischargePowerMaxMw: powerMw },
  ...{ socAtStartMwh: 0.1, socMinMwh: 0, socMaxMwh: 1, roundtripEfficiency: 0.9, preferChargingSooner: true },
});

/** Batteries that share a connection for a day in steps of 5 minutes, with a target off the longer steps. */
function aDay(given: Partial<SiteProblem> = {}): SiteProblem {
  const steps = 286;
  const prices = Float64Array.from(
    { length: steps },
    (_, t) => 90 + 40 * Math.sin(t / 19) + 10 * Math.sin(t),
  );
  return {
    ...{ steps, stepHours: 1 / 12, consumptionPrices: prices, productionPrices: prices.map((one) => one - 9) },
    consumptionCapacity: { mw: 0.5 },
    consumptionPeak: { previousMw: 0.1, pricePerMw: 50 },
    devices: [
      { ...battery('first', 0.4), socTargets: [{ step: 101, socMwh: 0.73 }], storageEfficiency: 0.9999 },
      { ...battery('second', 0.3), socMinima: { mwh: new Float64Array(steps).fill(0.2, 200), breach: { perHour: 3 } } },
      { kind: 'inflexible', id: 'load', powerMw: prices.map((one) => one / 1000) },
    ],
    ...given,
  }; // prettier-ignore
}

/** The cost of a schedule, and the options of the programs that were solved for it, smallest program first. */
async function solve(problem: SiteProblem, change = (options: SolveOptions | undefined) => options) {
  const runs: { rows: number; options: SolveOptions | undefined }[] = [];
  const recording: Solver = {
    solve: (program, options) => {
      runs.push({ rows: program.rowCount, options });
      return solver.solve(program, change(options));
    },
  };
  const { cost, gap, fallback } = await scheduleSite(problem, recording);
  expect(fallback).toBe(false);
  return { cost, gap, runs };
}

describe('scheduleSite with many steps', () => {
  it('starts from the solution in longer steps, with as many basic columns and rows as there are rows', async () => {
    const { runs } = await solve(aDay());
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.map(({ rows }) => rows)).toEqual(runs.map(({ rows }) => rows).sort((a, b) => a - b));
    for (const { rows, options } of runs.slice(1)) {
      const statuses = [...options!.basis!.columns, ...options!.basis!.rows];
      expect(statuses.filter((status) => status === BasisStatus.basic)).toHaveLength(rows);
    }
  });

  it('has the same cost from every start', async () => {
    const near = await solve(aDay());
    const cold = await solve(aDay(), (options) => ({ ...options, basis: undefined }));
    expect(near.cost).toBeCloseTo(cold.cost, 6);
    expect([near.gap, cold.gap]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });

  it('starts without a solution in longer steps if there is none', async () => {
    const steps = 286;
    // In this step alone, the battery must give back what it charges: in longer steps, it cannot.
    const narrow = {
      ...battery('first', 0.4),
      socMaxMwh: new Float64Array(steps).fill(1).fill(0.1, 99, 100),
    };
    const problem = aDay({ devices: [{ ...narrow, socMinima: { mwh: new Float64Array(steps).fill(NaN).fill(0.11, 98, 99) } }, battery('second', 0.3)] }); // prettier-ignore
    const near = await solve(problem);
    expect(near.runs).toHaveLength(1);
    const cold = await solve(problem, (options) => ({ ...options, basis: undefined }));
    expect(near.cost).toBeCloseTo(cold.cost, 6);
  });
});
