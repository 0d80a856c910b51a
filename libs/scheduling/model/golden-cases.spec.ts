import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HighsSolver } from '#lib/solver';
import facts from '../../../test/golden/scheduling-facts.json';
import synthetic from '../../../test/golden/scheduling-synthetic.json';
import { priceSlope } from './problem/price-slope';
import { scheduleCost } from './problem/energy-cost';
import { simulateStock } from './problem/stock';
import type { ScheduleResult, StorageProblem } from './problem/storage-problem';
import { type GoldenCase, problemOfCase } from './reference/golden-case';
import { checkStorage } from './storage/check-schedule';
import { scheduleStorage } from './storage/schedule-storage';

const solver = new HighsSolver();

/** Cases with excerpts of real prices are kept beside the repository, where they are at hand at all. */
const realPriceFile = resolve(__dirname, '../../../..', 'shared', 'cases', 'scheduling-cases.json');

/** Facts about jobs, the API and the collecting of inputs: tested where those live. */
/** These speak of what is stored and asked for: test/integration/scheduling/service-cases.test.ts runs them. */
const factsOutsideTheModel = ['fm-job-battery', 'fm-job-custom', 'fm-api-invalid-2', 'fm-soc-default'];

const factIds = new Set(facts.cases.map(({ id }) => id));
const testedIds = new Set(factsOutsideTheModel);

function factNamed(id: string): GoldenCase {
  testedIds.add(id);
  return facts.cases.find((fact) => fact.id === id) as unknown as GoldenCase;
}

describe('costs of golden cases', () => {
  test.each(synthetic.cases as GoldenCase[])('$id: $description', expectOptimalCost);

  if (existsSync(realPriceFile)) {
    const { battery_oracles } = JSON.parse(readFileSync(realPriceFile, 'utf8')) as {
      battery_oracles: GoldenCase[];
    };
    test.each(battery_oracles)('$id: $description', expectOptimalCost);
  } else {
    process.stderr.write(`Cases with real prices are skipped: there is no ${realPriceFile}.\n`);
    test.skip('cases with real prices (their file is not at hand)', () => undefined);
  }
});

describe('facts about FlexMeasures', () => {
  test.each(['fm-day2-2', 'fm-building-dynamic'])('%s has the expected cost and stock', async (id) => {
    await expectOptimalCost(factNamed(id));
    const sooner = await scheduleStorage(preferringSooner(factNamed(id)), solver);
    expectSocAfterHours(factNamed(id), sooner, 1e-6);
  });

  test.each(['fm-evse-1', 'fm-evse-3'])('%s reaches its target', async (id) => {
    const result = await scheduleStorage(preferringSooner(factNamed(id)), solver);
    expect(result.fallback).toBe(false);
    expectSocAfterHours(factNamed(id), result, 1e-5);
  });

  test.each(['fm-fallback-1', 'fm-fallback-3'])('%s goes towards its target as far as it can', async (id) => {
    const golden = factNamed(id);
    const result = await scheduleStorage(preferringSooner(golden), solver);
    expect(result).toMatchObject({ fallback: true, method: 'fallback', gap: NaN });
    expect(result.fallbackReason).toMatch(
      /soc-max 5 MWh 0\.25 h after the start needs .* discharged within 15 min/,
    );
    expectSocAfterHours(golden, result, 1e-5);
    const { step, value_MWh } = golden.soc_targets![0]!;
    expect(Math.abs(result.socMwh[step]! - value_MWh)).toBeCloseTo(golden.expected_gap_to_target_MWh!, 5);
  });

  test.each([true, false])(
    'fm-day1 stays within power and soc bounds (in a building: %s)',
    async (inBuilding) => {
      const golden = factNamed('fm-day1') as GoldenCase & {
        with_and_without_inflexible: { pv_MW: number[]; residual_demand_MW: number[] };
      };
      const { pv_MW, residual_demand_MW } = golden.with_and_without_inflexible;
      for (const phase of [0, 1, 2, 3]) {
        const result = await scheduleStorage(
          preferringSooner({
            ...golden,
            consumption_price_per_MWh: Array.from(
              { length: 96 },
              (_, t) => 90 + 50 * Math.sin(t / 5 + phase),
            ),
            inflexible_net_consumption_MW: inBuilding ? [pv_MW, residual_demand_MW] : [],
            site_consumption_capacity_MW: inBuilding ? 2 : null,
            site_production_capacity_MW: inBuilding ? 2 : null,
          }),
          solver,
        );
        expect(result.fallback).toBe(false);
        expect(Math.max(...result.powerMw.map(Math.abs))).toBeLessThanOrEqual(2);
        expect(Math.min(...result.socMwh)).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(...result.socMwh)).toBeLessThanOrEqual(5 + 1e-9);
      }
    },
  );

  test('fm-api-target: 12.1 kWh become 25 kWh, with 98 % efficiency, 47 hours later', async () => {
    testedIds.add('fm-api-target');
    const steps = 188;
    const prices = Float64Array.from({ length: steps }, (_, t) => 60 + 20 * Math.sin(t / 13));
    const result = await scheduleStorage(
      {
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
      },
      solver,
    );
    expect(result.powerMw).toHaveLength(188);
    expect(result.socMwh[steps]).toBeCloseTo(0.025, 9);
  });

  test('fm-integrate-1: power adds up to stock', () => {
    const fact = factNamed('fm-integrate-1') as unknown as Record<'power' | 'expected_stock', number[]>;
    const device = { stepHours: 0.25, roundtripEfficiency: 1 };
    expect([...simulateStock(device, Float64Array.from(fact.power), 10)]).toEqual(fact.expected_stock);
  });

  test('fm-slope-1: prices with their slope', () => {
    const fact = factNamed('fm-slope-1') as unknown as Record<'prices' | 'expected', number[]>;
    const prices = Float64Array.from(fact.prices);
    const sloped = priceSlope(prices, prices).map((slope, t) => slope + prices[t]!);
    fact.expected.forEach((expected, t) => {
      expect(sloped[t]).toBeCloseTo(expected, 12);
    });
  });

  test('no fact is left out', () => {
    expect(testedIds).toEqual(factIds);
  });
});

/** Cost, constraints and rounding of a case with the slope off, and what the slope may cost when on. */
async function expectOptimalCost(golden: GoldenCase): Promise<void> {
  const problem = problemOfCase(golden);
  const result = await scheduleStorage(problem, solver);
  const { turnover } = scheduleCost(problem, result.unroundedPowerMw);
  const tolerance = 1e-6 * Math.max(Math.abs(golden.expected_cost!), turnover);
  expect(Math.abs(result.cost - golden.expected_cost!)).toBeLessThanOrEqual(tolerance);
  expect(result.gap).toBeLessThanOrEqual(tolerance);
  expect(result.fallback).toBe(false);
  expect(result.warnings).toEqual([]);
  expect(checkStorage(problem, result.unroundedPowerMw, 1e-8).violations).toEqual([]);
  expectRounded(problem, result);
  await expectSlopeCostsLittle(problem, result);
}

/** Rounding moves each power by at most half a unit of the sixth decimal, and cost and stock accordingly. */
function expectRounded(problem: StorageProblem, { powerMw, unroundedPowerMw, cost }: ScheduleResult): void {
  const halfUnit = 0.5e-6;
  let allowed = 1e-9;
  for (let t = 0; t < problem.steps; t++) {
    expect(Math.abs(powerMw[t]! - unroundedPowerMw[t]!)).toBeLessThanOrEqual(halfUnit + 1e-12);
    expect(Object.is(powerMw[t], -0)).toBe(false);
    const price = Math.max(Math.abs(problem.consumptionPrices[t]!), Math.abs(problem.productionPrices[t]!));
    allowed += halfUnit * price * problem.stepHours;
  }
  expect(Math.abs(scheduleCost(problem, powerMw).cost - cost)).toBeLessThanOrEqual(allowed);
  const drift = (halfUnit * problem.steps * problem.stepHours) / Math.sqrt(problem.roundtripEfficiency);
  expect(checkStorage(problem, powerMw, halfUnit + drift).violations).toEqual([]);
}

/** The true cost rises by at most the highest slope times the energy that both schedules move. */
async function expectSlopeCostsLittle(problem: StorageProblem, exact: ScheduleResult): Promise<void> {
  const sooner = await scheduleStorage({ ...problem, preferChargingSooner: true }, solver);
  const highestSlope = priceSlope(problem.consumptionPrices, problem.productionPrices).at(-1)!;
  const energy = [exact, sooner].flatMap((result) => [...result.unroundedPowerMw]);
  const moved = energy.reduce((sum, power) => sum + Math.abs(power) * problem.stepHours, 0);
  expect(sooner.cost - exact.cost).toBeLessThanOrEqual(highestSlope * moved + 1e-9);
  expect(sooner.cost - exact.cost).toBeGreaterThanOrEqual(-1e-6 * (1 + Math.abs(exact.cost)));
}

const preferringSooner = (golden: GoldenCase): StorageProblem => ({
  ...problemOfCase(golden),
  preferChargingSooner: true,
});

function expectSocAfterHours(golden: GoldenCase, { socMwh }: ScheduleResult, tolerance: number): void {
  for (const [hours, expected] of Object.entries(golden.expected_soc_after_hours!)) {
    const soc = socMwh[(Number(hours) * 60) / golden.resolution_minutes]!;
    expect(Math.abs(soc - expected)).toBeLessThanOrEqual(tolerance);
  }
}
