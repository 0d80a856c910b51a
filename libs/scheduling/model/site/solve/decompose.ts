import { type Series, valueAt } from '../../problem/stock';
import { solveDynamicProgram } from '../../stock/dynamic-program';
import { pathCost } from '../../stock/path-cost';
import { type StockProblem, toStockProblem } from '../../stock/stock-problem';
import { scheduleStorage } from '../../storage/schedule-storage';
import { siteCosts } from '../evaluate/site-costs';
import { hardLimit, type PreparedSite, type StoragePlan, storageView } from '../problem/prepared-site';
import type { Capacity, Peak } from '../problem/site-problem';
import { noRestrictions } from '../problem/restrictions';
import type { Search, Solved } from './search';
import { evaluateCandidate, readCandidate } from './candidate';

/** How many ways of dividing time are tried. */
const tries = 6;

/** Milliseconds after which the best schedule so far has to do. */
const timeMs = 4_000;

/**
 * Sites whose storages would charge and discharge at once in many steps, where binary variables are intractable.
 *
 * Bound: storages only meet in the site's balance. At a price for each step of that balance (the dual values of the
 * relaxation) each of them is a problem of its own, which the dynamic program solves exactly, one direction at a time.
 * The sum of their cheapest costs with the rest of the relaxation bounds the cost of every schedule (Lagrangian bound:
 * A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974).
 *
 * Schedules: where the relaxation lets a storage divide a step between charging and discharging, the storage does one
 * after the other over several steps, in the same proportion (error diffusion), different storages in different steps.
 * With directions given, the program chooses the powers. Then each storage's schedule is chosen anew, the others given.
 */
export async function decompose(search: Search, relaxed: Solved, acceptedGap: number): Promise<void> {
  const { frame } = search;
  if (!relaxed.solution.rowDuals) return;
  const endMs = performance.now() + Math.min(search.remainingMs, timeMs);
  const isOver = () => search.isWithin(acceptedGap) || performance.now() > endMs;
  const prices = storagePrices(frame, relaxed);
  const answers = frame.storages.map((plan) =>
    hasSoftLimits(plan.device) ? undefined : lowestCost(frame, plan, prices),
  );
  search.bound = Math.max(search.bound, relaxedBound(frame, relaxed, prices, answers));
  for (let turn = 0; turn < tries && !isOver(); turn++) {
    let isBetter = await tryDirections(search, divideTime(frame, relaxed, prices, turn));
    while (isBetter && !isOver()) {
      const before = search.best!.objective;
      await improveOneByOne(search, isOver);
      if (!isOver()) await tryDirections(search, directionsOf(search));
      isBetter = before - search.best!.objective > 1e-5 * Math.abs(before);
    }
  }
}

/** Lets the program choose the powers, directions given; whether that is the best schedule so far. */
async function tryDirections(search: Search, directions: Int8Array[]): Promise<boolean> {
  const solved = await search.solve({ ...noRestrictions(search.frame), directions });
  return solved !== undefined && search.offer(readCandidate(search.frame, solved.program, solved.columns));
}

/** The directions of the best schedule; free where it is idle at a price that no burning is worth. */
function directionsOf({ frame, best }: Search): Int8Array[] {
  const { consumptionPrices, productionPrices } = frame.problem;
  return frame.storages.map(({ index }) =>
    Int8Array.from(best!.powers[index]!, (power, t) => {
      if (power !== 0) return Math.sign(power);
      return Math.min(consumptionPrices[t]!, productionPrices[t]!) < 0 ? 1 : 0;
    }),
  );
}

/** A direction for each storage and step: the relaxation's, or taking turns where it divides the step. */
function divideTime(
  frame: PreparedSite,
  { program, columns }: Solved,
  prices: Float64Array,
  turn: number,
): Int8Array[] {
  return program.storages.map(({ charging, discharging, unitMw }, k) => {
    const { powerMin, powerMax } = frame.storages[k]!.limits;
    const shareOf = (column: number, mostMw: number) =>
      column < 0 || mostMw <= 0 ? 0 : (columns[column]! * unitMw) / mostMw;
    // The golden ratio spreads the storages' beginnings evenly, however many there are.
    let owed = ((k + 1) * (turn + 1) * 0.6180339887498949) % 1;
    return Int8Array.from(powerMin, (_, t) => {
      const charge = shareOf(charging[t]!, powerMax[t]!);
      const discharge = shareOf(discharging[t]!, -powerMin[t]!);
      if (Math.max(charge, discharge) < 1e-7) return prices[t]! < 0 ? 1 : 0;
      if (Math.min(charge, discharge) < 1e-7) return charge > discharge ? 1 : -1;
      owed += charge / (charge + discharge);
      if (owed < 1) return -1;
      owed -= 1;
      return 1;
    });
  });
}

const hasSoftLimits = (device: StoragePlan['device']): boolean =>
  [device.consumptionCapacity, device.productionCapacity, device.socMinima, device.socMaxima].some(
    (limit) => limit?.breach !== undefined,
  );

/** Currency per MWh that power of a storage is worth in each step, without its slope. */
function storagePrices(frame: PreparedSite, { program, solution }: Solved): Float64Array {
  const perMwh = frame.moneyUnit / (frame.powerUnitMw * frame.problem.stepHours);
  return frame.directPrices.map((direct, t) => {
    const row = program.balanceRows[t]!;
    return row < 0 ? direct : -solution.rowDuals![row]! * perMwh;
  });
}

/** Currency; no schedule of the storage costs less at these prices. */
function lowestCost({ problem }: PreparedSite, plan: StoragePlan, prices: Float64Array): number {
  const own = prices.map((price, t) => price + plan.slope[t]!);
  const view = storageView(problem, plan.device, own);
  const scaled = toStockProblem(view, plan.limits) as StockProblem;
  const { stock, gap } = solveDynamicProgram(scaled, { maxBreakpoints: 20_000, deadlineMs: Infinity });
  return (pathCost(scaled, stock) - gap) * scaled.moneyUnit;
}

/** The relaxation's storages are the cheapest ones at its prices too, so each gives way to its answer. */
function relaxedBound(
  frame: PreparedSite,
  relaxed: Solved,
  prices: Float64Array,
  answers: (number | undefined)[],
): number {
  return answers.reduce<number>((bound, one, k) => {
    if (one === undefined) return bound;
    const { charging, discharging, unitMw } = relaxed.program.storages[k]!;
    const at = (column: number) => (column < 0 ? 0 : relaxed.columns[column]! * unitMw);
    let cost = 0;
    prices.forEach((price, t) => {
      const power = at(charging[t]!) - at(discharging[t]!);
      cost += power * (price + frame.storages[k]!.slope[t]!) * frame.problem.stepHours;
    });
    return bound + one - cost;
  }, relaxed.objective);
}

/** Chooses each storage's schedule anew, the others given, as long as that helps. */
async function improveOneByOne(search: Search, isOver: () => boolean): Promise<void> {
  const { frame } = search;
  for (const plan of frame.storages) {
    if (!search.best || isOver()) return;
    if (hasSoftLimits(plan.device)) continue;
    const powers = [...search.best.powers];
    const powerMw = await scheduleAmong(search, plan, powers);
    if (!powerMw) continue;
    powers[plan.index] = powerMw;
    search.offer(evaluateCandidate(frame, powers));
  }
}

/** The cheapest schedule of one storage, the others given, which makes no breach and no peak of the site worse. */
async function scheduleAmong(
  { frame, solver }: Search,
  plan: StoragePlan,
  powers: Float64Array[],
): Promise<Float64Array | undefined> {
  const { problem } = frame;
  const { netPowerMw } = siteCosts(problem, powers);
  const own = powers[plan.index]!;
  const produced = netPowerMw.map((power) => -power);
  const result = await scheduleStorage(
    {
      ...storageView(problem, plan.device, plan.slope),
      consumptionPrices: problem.consumptionPrices.map((price, t) => price + plan.slope[t]!),
      productionPrices: problem.productionPrices.map((price, t) => price + plan.slope[t]!),
      inflexiblePowerMw: netPowerMw.map((power, t) => power - own[t]!),
      siteConsumptionCapacityMw: presentLimit(
        netPowerMw,
        problem.consumptionCapacity,
        problem.consumptionPeak,
      ),
      siteProductionCapacityMw: presentLimit(produced, problem.productionCapacity, problem.productionPeak),
      preferChargingSooner: false,
    },
    solver,
  );
  return result.fallback ? undefined : result.unroundedPowerMw;
}

function presentLimit(powerMw: Float64Array, capacity: Capacity | undefined, peak: Peak | undefined): Series {
  const highest = peak ? powerMw.reduce((most, power) => Math.max(most, power), peak.previousMw) : Infinity;
  const hard = hardLimit(capacity);
  return powerMw.map((power, t) => {
    const soft = capacity?.breach ? Math.max(valueAt(capacity.mw, t), power) : Infinity;
    return Math.max(0, power, Math.min(valueAt(hard, t), soft, highest));
  });
}
