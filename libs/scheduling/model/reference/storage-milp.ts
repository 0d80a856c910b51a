import { ProgramBuilder, type Solver } from '#lib/solver/model';
import { stockPerMwCharged, idleInflow, stockPerMwDischarged, retention, valueAt } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';

/**
 * The textbook formulation of the storage problem, with binary variables that make charging and discharging exclude
 * each other, and import and export likewise. It shares nothing with the scheduler but the problem's type, and serves
 * specs to prove the scheduler's costs; with strongly negative prices it becomes intractable beyond some 50 steps.
 *
 * Per step: charging c, discharging d (MW), stock s (MWh), import i and export e of the site (MW), binaries x and y.
 *
 *     s[t + 1] = kept s[t] + inflow + gained c - lost d                  c <= cMax x,  d <= dMax (1 - x)
 *     i - e    = inflexible + c - d                                      i <= iMax y,  e <= eMax (1 - y)
 *
 * @returns the optimal cost in currency, or undefined when no schedule keeps all constraints
 */
export async function referenceCost(problem: StorageProblem, solver: Solver): Promise<number | undefined> {
  const unitMw = largestPower(problem);
  const scaledCost = await solveInUnits(scalePowers(problem, 1 / unitMw), solver);
  return scaledCost === undefined ? undefined : scaledCost * unitMw;
}

async function solveInUnits(problem: StorageProblem, solver: Solver): Promise<number | undefined> {
  const builder = new ProgramBuilder();
  let previousStock = builder.addColumn(0, problem.socAtStartMwh, problem.socAtStartMwh);
  for (let t = 0; t < problem.steps; t++) {
    const [charging, discharging] = addDevice(builder, problem, t);
    addSite(builder, problem, t, charging, discharging);
    previousStock = addStock(builder, problem, t, charging, discharging, previousStock);
  }
  const { status, objective } = await solver.solve(builder.build());
  if (status === 'infeasible') return undefined;
  if (status !== 'optimal') throw new Error(`The reference program ended as ${status}.`);
  return objective;
}

function addDevice(builder: ProgramBuilder, problem: StorageProblem, t: number): [number, number] {
  const chargingMax = valueAt(problem.chargePowerMaxMw, t);
  const dischargingMax = valueAt(problem.dischargePowerMaxMw, t);
  const charging = builder.addColumn(0, 0, chargingMax);
  const discharging = builder.addColumn(0, 0, dischargingMax);
  addExclusion(builder, charging, chargingMax, discharging, dischargingMax);
  return [charging, discharging];
}

function addSite(
  builder: ProgramBuilder,
  problem: StorageProblem,
  t: number,
  charging: number,
  discharging: number,
): void {
  const inflexible = problem.inflexiblePowerMw?.[t] ?? 0;
  const importMax = Math.min(
    valueAt(problem.siteConsumptionCapacityMw ?? Infinity, t),
    Math.max(0, inflexible + valueAt(problem.chargePowerMaxMw, t)),
  );
  const exportMax = Math.min(
    valueAt(problem.siteProductionCapacityMw ?? Infinity, t),
    Math.max(0, valueAt(problem.dischargePowerMaxMw, t) - inflexible),
  );
  const hours = problem.stepHours;
  const imported = builder.addColumn(problem.consumptionPrices[t]! * hours, 0, importMax);
  const exported = builder.addColumn(-problem.productionPrices[t]! * hours, 0, exportMax);
  builder.addRow(inflexible, inflexible, [imported, exported, charging, discharging], [1, -1, -1, 1]);
  addExclusion(builder, imported, importMax, exported, exportMax);
}

/** Lets only one of two columns be above zero. */
function addExclusion(builder: ProgramBuilder, a: number, aMax: number, b: number, bMax: number): void {
  const choice = builder.addColumn(0, 0, 1, 'integer');
  builder.addRow(-Infinity, 0, [a, choice], [1, -aMax]);
  builder.addRow(-Infinity, bMax, [b, choice], [1, bMax]);
}

function addStock(
  builder: ProgramBuilder,
  problem: StorageProblem,
  t: number,
  charging: number,
  discharging: number,
  previousStock: number,
): number {
  const target = problem.socTargets?.find(({ step }) => step === t + 1);
  const stock = builder.addColumn(
    0,
    target?.socMwh ?? valueAt(problem.socMinMwh, t),
    target?.socMwh ?? valueAt(problem.socMaxMwh, t),
  );
  const inflow = idleInflow(problem, t);
  const coefficients = [
    1,
    -retention(problem, t),
    -stockPerMwCharged(problem, t),
    stockPerMwDischarged(problem, t),
  ];
  builder.addRow(inflow, inflow, [stock, previousStock, charging, discharging], coefficients);
  return stock;
}

function largestPower({ steps, chargePowerMaxMw, dischargePowerMaxMw }: StorageProblem): number {
  let largest = 0;
  for (let t = 0; t < steps; t++) {
    largest = Math.max(largest, valueAt(chargePowerMaxMw, t), valueAt(dischargePowerMaxMw, t));
  }
  return largest || 1;
}

/** The same problem with every power and energy multiplied; a solver's tolerances are absolute. */
export function scalePowers(problem: StorageProblem, factor: number): StorageProblem {
  const scale = (value: number | Float64Array) =>
    typeof value === 'number' ? value * factor : value.map((one) => one * factor);
  return {
    ...problem,
    inflexiblePowerMw: problem.inflexiblePowerMw?.map((power) => power * factor),
    chargePowerMaxMw: scale(problem.chargePowerMaxMw),
    dischargePowerMaxMw: scale(problem.dischargePowerMaxMw),
    socAtStartMwh: problem.socAtStartMwh * factor,
    socMinMwh: scale(problem.socMinMwh),
    socMaxMwh: scale(problem.socMaxMwh),
    socTargets: problem.socTargets?.map(({ step, socMwh }) => ({ step, socMwh: socMwh * factor })),
    stockInflowMw: problem.stockInflowMw?.map((power) => power * factor),
    siteConsumptionCapacityMw: scale(problem.siteConsumptionCapacityMw ?? Infinity),
    siteProductionCapacityMw: scale(problem.siteProductionCapacityMw ?? Infinity),
  };
}
