import { solveDynamicProgram } from '../dynamic-program';
import { readBackPower } from '../read-back';
import { scheduleStorage } from '../schedule-storage';
import { costOfPath } from '../step-cost';
import { type Series, valueAt } from '../stock';
import { type StockProblem, toStockProblem } from '../stock-problem';
import { judge, readCandidate } from './site-candidate';
import { siteCosts } from './site-costs';
import { hardLimit, type SiteFrame, type StoragePlan, storageView } from './site-frame';
import type { Capacity, Peak } from './site-problem';
import { noTightening, type Tightening } from './site-program';
import type { Search, Solved } from './search';

/** How a storage answers to prices of its own. */
interface Answer {
  powerMw: Float64Array;
  /** Currency; no schedule of the storage costs less at these prices. */
  lowestCost: number;
}

/** How much of the time may go into each part; see below. */
const mostRounds = 12;

/**
 * Sites whose storages would charge and discharge at once in many steps, where binary variables are intractable.
 *
 * Storages only meet in the site's balance. At a price for each step of that balance (the dual values of the program)
 * each of them is a problem of its own, which the dynamic program solves exactly, one direction at a time. The sum of
 * their cheapest costs with the rest of the program bounds the cost of every schedule (Lagrangian bound), from below
 * and more closely than the relaxation does. The answers are kept as profiles; a program that mixes them gives better
 * prices (column generation: G. B. Dantzig and P. Wolfe, "Decomposition principle for linear programs", Operations
 * Research 8, 1960). Schedules come from fixing each storage to the directions of one of its profiles, and from
 * choosing each storage's schedule anew while the others stay as they are.
 */
export async function decompose(search: Search, relaxed: Solved, acceptedGap: number): Promise<void> {
  const { frame } = search;
  const canAnswer = frame.storages.map(({ device }) => !hasSoftLimits(device));
  let prices = storagePrices(frame, relaxed);
  let answers = answer(frame, prices, canAnswer);
  search.bound = Math.max(search.bound, relaxedBound(frame, relaxed, prices, answers));
  const profiles = answers.map((one) => (one ? [one.powerMw] : undefined));
  await tryDirections(search, answers, prices);
  for (let round = 0; round < mostRounds && !search.isWithin(acceptedGap); round++) {
    if (search.remainingMs === 0) return;
    const master = await search.solve(noTightening(frame), withIncumbent(search, profiles));
    if (!master?.solution.rowDuals) return;
    prices = storagePrices(frame, master);
    answers = answer(frame, prices, canAnswer);
    search.bound = Math.max(search.bound, masterBound(frame, master, prices, answers));
    await tryDirections(search, likeliest(master, profiles, answers), prices);
    answers.forEach((one, k) => one && profiles[k]!.push(one.powerMw));
  }
}

const hasSoftLimits = (device: StoragePlan['device']): boolean =>
  [device.consumptionCapacity, device.productionCapacity, device.socMinima, device.socMaxima].some(
    (limit) => limit?.breach !== undefined,
  );

/** Currency per MWh that power of a storage is worth in each step, without its slope. */
function storagePrices(frame: SiteFrame, { program, solution }: Solved): Float64Array {
  const perMwh = frame.moneyUnit / (frame.powerUnitMw * frame.problem.stepHours);
  return frame.directPrices.map((direct, t) => {
    const row = program.balanceRows[t]!;
    return row < 0 ? direct : -solution.rowDuals![row]! * perMwh;
  });
}

function answer(frame: SiteFrame, prices: Float64Array, canAnswer: boolean[]): (Answer | undefined)[] {
  return frame.storages.map((plan, k) => (canAnswer[k] ? answerOf(frame, plan, prices) : undefined));
}

function answerOf({ problem }: SiteFrame, plan: StoragePlan, prices: Float64Array): Answer {
  const own = prices.map((price, t) => price + plan.slope[t]!);
  const view = storageView(problem, plan.device, own);
  const scaled = toStockProblem(view, plan.limits) as StockProblem;
  const { stock, gap } = solveDynamicProgram(scaled, { maxBreakpoints: 20_000, deadlineMs: Infinity });
  return {
    powerMw: readBackPower(view, plan.limits, scaled, stock),
    lowestCost: (costOfPath(scaled, stock) - gap) * scaled.moneyUnit,
  };
}

/** The relaxation's storages are the cheapest ones at its prices too, so each gives way to its answer. */
function relaxedBound(
  frame: SiteFrame,
  relaxed: Solved,
  prices: Float64Array,
  answers: (Answer | undefined)[],
): number {
  return answers.reduce((bound, one, k) => {
    if (!one) return bound;
    const { charging, discharging, unitMw } = relaxed.program.storages[k]!;
    const at = (column: number) => (column < 0 ? 0 : relaxed.columns[column]! * unitMw);
    let cost = 0;
    prices.forEach((price, t) => {
      const power = at(charging[t]!) - at(discharging[t]!);
      cost += power * (price + frame.storages[k]!.slope[t]!) * frame.problem.stepHours;
    });
    return bound + one.lowestCost - cost;
  }, relaxed.objective);
}

/** The program of profiles less what a storage's answer saves on the profiles it has, storage by storage. */
function masterBound(
  frame: SiteFrame,
  master: Solved,
  prices: Float64Array,
  answers: (Answer | undefined)[],
): number {
  return answers.reduce((bound, one, k) => {
    if (!one) return bound;
    const share = master.solution.rowDuals![master.program.shareRows[k]!]! * frame.moneyUnit;
    return bound + Math.min(0, one.lowestCost - share);
  }, master.objective);
}

/** The best schedule known is one of the profiles, so that mixing them is possible. */
function withIncumbent({ frame, best }: Search, profiles: (Float64Array[] | undefined)[]) {
  if (!best) return profiles;
  return profiles.map((own, k) => own && [...own, best.powers[frame.storages[k]!.index]!]);
}

/** Of each storage the profile with the largest share, or its answer where that is the one mixed in last. */
function likeliest(
  master: Solved,
  profiles: (Float64Array[] | undefined)[],
  answers: (Answer | undefined)[],
): (Answer | undefined)[] {
  return answers.map((one, k) => {
    if (!one) return undefined;
    const shares = master.program.profiles[k]!.map((column) => master.columns[column]!);
    const most = shares.indexOf(Math.max(...shares));
    return { ...one, powerMw: profiles[k]![most] ?? one.powerMw };
  });
}

/** Fixes directions to those of the profiles, lets the program choose the powers, and improves one by one. */
async function tryDirections(
  search: Search,
  answers: (Answer | undefined)[],
  prices: Float64Array,
): Promise<void> {
  const { frame } = search;
  const directions = frame.storages.map((_, k) =>
    Int8Array.from(prices, (price, t) => {
      const power = answers[k]?.powerMw[t] ?? 0;
      // Where energy is worth burning, an idle storage may not do both.
      return power === 0 ? (price < 0 ? 1 : 0) : Math.sign(power);
    }),
  );
  const tightening: Tightening = { ...noTightening(frame), directions };
  const solved = await search.solve(tightening);
  if (!solved) return;
  const candidate = readCandidate(frame, solved.program, solved.columns);
  if (search.offer(candidate)) await improveOneByOne(search);
}

/** Chooses each storage's schedule anew, the others given, as long as that helps. */
async function improveOneByOne(search: Search): Promise<void> {
  const { frame } = search;
  for (const plan of frame.storages) {
    if (!search.best || search.remainingMs === 0) return;
    if (hasSoftLimits(plan.device)) continue;
    const powers = [...search.best.powers];
    const powerMw = await scheduleAmong(search, plan, powers);
    if (!powerMw) continue;
    powers[plan.index] = powerMw;
    search.offer(judge(frame, powers));
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
  const highest = peak ? powerMw.reduce((most, power) => Math.max(most, power), peak.alreadyMw) : Infinity;
  const hard = hardLimit(capacity);
  return powerMw.map((power, t) => {
    const soft = capacity?.breach ? Math.max(valueAt(capacity.mw, t), power) : Infinity;
    return Math.max(0, power, Math.min(valueAt(hard, t), soft, highest));
  });
}
