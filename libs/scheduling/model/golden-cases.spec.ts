import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HighsSolver } from '#lib/solver';
import facts from '../../../test/golden/scheduling-facts.json';
import synthetic from '../../../test/golden/scheduling-synthetic.json';
import { priceSlope } from './problem/price-slope';
import { simulateStock } from './problem/stock';
import { siteWithStorage } from './reference/build-problems';
import { type GoldenCase, problemOfCase } from './reference/golden-case';
import { checkSchedule } from './site/evaluate/check-schedule';
import { siteCosts } from './site/evaluate/site-costs';
import type { SiteProblem, SiteSchedule } from './site/problem/site-problem';
import { scheduleSite } from './site/solve/schedule-site';

const solver = new HighsSolver();

/** Cases with excerpts of real prices are not part of the repository, but may be next to it. */
const realPriceFile = resolve(__dirname, '../../../..', 'shared', 'cases', 'scheduling-cases.json');

/** Facts about jobs, the API and the inputs: test/integration/scheduling/service-cases.test.ts tests them. */
const factsOutsideTheModel = ['fm-job-battery', 'fm-job-custom', 'fm-api-invalid-2', 'fm-soc-default'];

const factIds = new Set(facts.cases.map(({ id }) => id));
const testedIds = new Set(factsOutsideTheModel);

function factNamed(id: string): GoldenCase {
  testedIds.add(id);
  return facts.cases.find((fact) => fact.id === id) as unknown as GoldenCase;
}

describe('scheduleSite for golden cases', () => {
  it.each(synthetic.cases as GoldenCase[])('finds the cost of $id: $description', expectOptimalCost);

  if (existsSync(realPriceFile)) {
    const { battery_oracles } = JSON.parse(readFileSync(realPriceFile, 'utf8')) as {
      battery_oracles: GoldenCase[];
    };
    it.each(battery_oracles)('finds the cost of $id: $description', expectOptimalCost);
  } else {
    process.stderr.write(`Cases with real prices are skipped: there is no ${realPriceFile}.\n`);
    it.skip('finds the cost of cases with real prices (there is no file of them)', () => undefined);
  }
});

describe('scheduleSite for facts about FlexMeasures', () => {
  it.each(['fm-day2-2', 'fm-building-dynamic'])('finds the cost and the stock of %s', async (id) => {
    await expectOptimalCost(factNamed(id));
    expectSocAfterHours(factNamed(id), await schedule(factNamed(id)), 1e-6);
  });

  it.each(['fm-evse-1', 'fm-evse-3'])('reaches the target of %s', async (id) => {
    const result = await schedule(factNamed(id));
    expect(result.fallback).toBe(false);
    expectSocAfterHours(factNamed(id), result, 1e-5);
  });

  it.each(['fm-fallback-1', 'fm-fallback-3'])(
    'comes as close as possible to the target of %s',
    async (id) => {
      const golden = factNamed(id);
      const result = await schedule(golden);
      expect(result).toMatchObject({ fallback: true, method: 'fallback', gap: NaN });
      expect(result.fallbackReason).toMatch(
        /soc-max 5 MWh 0\.25 h after the start needs .* discharged within 15 min/,
      );
      expectSocAfterHours(golden, result, 1e-5);
      const { step, value_MWh } = golden.soc_targets![0]!;
      expect(Math.abs(socOf(result)[step]! - value_MWh)).toBeCloseTo(golden.expected_gap_to_target_MWh!, 5);
    },
  );

  it.each([true, false])(
    'keeps power and soc bounds of fm-day1 (in a building: %s)',
    async (isInBuilding) => {
      const golden = factNamed('fm-day1') as GoldenCase & {
        with_and_without_inflexible: { pv_MW: number[]; residual_demand_MW: number[] };
      };
      const { pv_MW, residual_demand_MW } = golden.with_and_without_inflexible;
      for (const phase of [0, 1, 2, 3]) {
        const result = await schedule({
          ...golden,
          consumption_price_per_MWh: Array.from({ length: 96 }, (_, t) => 90 + 50 * Math.sin(t / 5 + phase)),
          inflexible_net_consumption_MW: isInBuilding ? [pv_MW, residual_demand_MW] : [],
          site_consumption_capacity_MW: isInBuilding ? 2 : null,
          site_production_capacity_MW: isInBuilding ? 2 : null,
        });
        expect(result.fallback).toBe(false);
        expect(Math.max(...result.devices[0]!.powerMw.map(Math.abs))).toBeLessThanOrEqual(2);
        expect(Math.min(...socOf(result))).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(...socOf(result))).toBeLessThanOrEqual(5 + 1e-9);
      }
    },
  );

  it('charges 12.1 kWh to 25 kWh within 47 hours at 98 % efficiency (fm-api-target)', async () => {
    testedIds.add('fm-api-target');
    const steps = 188;
    const prices = Float64Array.from({ length: steps }, (_, t) => 60 + 20 * Math.sin(t / 13));
    const problem = siteWithStorage({
      steps,
      stepHours: 0.25,
      consumptionPrices: prices,
      productionPrices: prices,
      chargePowerMaxMw: 2,
      dischargePowerMaxMw: 2,
      socAtStartMwh: 0.0121,
      socMinMwh: 0,
      socMaxMwh: 0.04,
      socTargets: [{ step: steps, socMwh: 0.025 }],
      roundtripEfficiency: 0.98,
      preferChargingSooner: true,
    });
    const result = await scheduleSite(problem, solver);
    expect(result.devices[0]!.powerMw).toHaveLength(188);
    expect(socOf(result)[steps]).toBeCloseTo(0.025, 9);
  });
});

describe('simulateStock', () => {
  it('adds up power to stock (fm-integrate-1)', () => {
    const fact = factNamed('fm-integrate-1') as unknown as Record<'power' | 'expected_stock', number[]>;
    const device = { stepHours: 0.25, roundtripEfficiency: 1 };
    expect([...simulateStock(device, Float64Array.from(fact.power), 10)]).toEqual(fact.expected_stock);
  });
});

describe('priceSlope', () => {
  it('gives prices that prefer earlier charging (fm-slope-1)', () => {
    const fact = factNamed('fm-slope-1') as unknown as Record<'prices' | 'expected', number[]>;
    const prices = Float64Array.from(fact.prices);
    const sloped = priceSlope(prices, prices).map((slope, t) => slope + prices[t]!);
    fact.expected.forEach((expected, t) => {
      expect(sloped[t]).toBeCloseTo(expected, 12);
    });
  });
});

describe('facts about FlexMeasures', () => {
  it('are all tested', () => {
    expect(testedIds).toEqual(factIds);
  });
});

const schedule = (golden: GoldenCase): Promise<SiteSchedule> =>
  scheduleSite(problemOfCase(golden, { preferChargingSooner: true }), solver);

const powersOf = ({ devices }: SiteSchedule) => devices.map(({ unroundedPowerMw }) => unroundedPowerMw);

const socOf = ({ devices }: SiteSchedule) => devices[0]!.socMwh!;

/** Checks cost, constraints and rounding of a case without the price slope, and what the slope costs. */
async function expectOptimalCost(golden: GoldenCase): Promise<void> {
  const problem = problemOfCase(golden);
  const result = await scheduleSite(problem, solver);
  const tolerance = 1e-6 * Math.max(Math.abs(golden.expected_cost!), result.turnover);
  expect(Math.abs(result.cost - golden.expected_cost!)).toBeLessThanOrEqual(tolerance);
  expect(result.gap).toBeLessThanOrEqual(tolerance);
  expect(result.fallback).toBe(false);
  expect(result.warnings).toEqual([]);
  expect(checkSchedule(problem, powersOf(result), 1e-8)).toEqual([]);
  expectRounded(problem, result);
  await expectSlopeCostsLittle(golden, problem, result);
}

/** Rounding changes each power by at most half a unit of the sixth decimal, and cost and stock accordingly. */
function expectRounded(problem: SiteProblem, { devices, cost }: SiteSchedule): void {
  const [{ powerMw, unroundedPowerMw }, load] = devices as [(typeof devices)[0], (typeof devices)[0]];
  const halfUnit = 0.5e-6;
  let allowed = 1e-9;
  for (let t = 0; t < problem.steps; t++) {
    expect(Math.abs(powerMw[t]! - unroundedPowerMw[t]!)).toBeLessThanOrEqual(halfUnit + 1e-12);
    expect(Object.is(powerMw[t], -0)).toBe(false);
    const price = Math.max(Math.abs(problem.consumptionPrices[t]!), Math.abs(problem.productionPrices[t]!));
    allowed += halfUnit * price * problem.stepHours;
  }
  const rounded = [powerMw, load.unroundedPowerMw];
  expect(Math.abs(siteCosts(problem, rounded).cost - cost)).toBeLessThanOrEqual(allowed);
  const [storage] = problem.devices;
  const efficiency = storage?.kind === 'storage' ? storage.roundtripEfficiency : NaN;
  const drift = (halfUnit * problem.steps * problem.stepHours) / Math.sqrt(efficiency);
  expect(checkSchedule(problem, rounded, halfUnit + drift)).toEqual([]);
}

/** The true cost rises by at most the highest slope times the energy that both schedules charge and discharge. */
async function expectSlopeCostsLittle(
  golden: GoldenCase,
  problem: SiteProblem,
  exact: SiteSchedule,
): Promise<void> {
  const sooner = await schedule(golden);
  const highestSlope = priceSlope(problem.consumptionPrices, problem.productionPrices).at(-1)!;
  const powers = [exact, sooner].flatMap(({ devices }) => [...devices[0]!.unroundedPowerMw]);
  const energy = powers.reduce((sum, power) => sum + Math.abs(power) * problem.stepHours, 0);
  expect(sooner.cost - exact.cost).toBeLessThanOrEqual(highestSlope * energy + 1e-9);
  expect(sooner.cost - exact.cost).toBeGreaterThanOrEqual(-1e-6 * (1 + Math.abs(exact.cost)));
}

function expectSocAfterHours(golden: GoldenCase, result: SiteSchedule, tolerance: number): void {
  for (const [hours, expected] of Object.entries(golden.expected_soc_after_hours!)) {
    const soc = socOf(result)[(Number(hours) * 60) / golden.resolution_minutes]!;
    expect(Math.abs(soc - expected)).toBeLessThanOrEqual(tolerance);
  }
}
