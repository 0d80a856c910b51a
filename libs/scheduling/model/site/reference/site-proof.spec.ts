import fc from 'fast-check';
import { HighsSolver } from '#lib/solver';
import { checkSite } from '../check-site';
import { scheduleSequentially } from '../schedule-sequentially';
import { scheduleSite } from '../schedule-site';
import type {
  BreachPrice,
  Capacity,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  StorageDevice,
} from '../site-problem';
import { siteReferenceCost } from './site-milp';

const solver = new HighsSolver();
/** Costs are to be exact, also on a machine that has more to do. */
const patient = { exactTimeMs: 30_000 };
/** More problems than usual: PROOF_RUNS=1000 PROOF_SEED=7 npx jest site-proof */
const seed = Number(process.env['PROOF_SEED'] ?? 20240117);
const numRuns = Number(process.env['PROOF_RUNS'] ?? 120);

const number = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) }).map((value) => value / 1000);
const series = (steps: number, min: number, max: number) =>
  fc
    .array(number(min, max), { minLength: steps, maxLength: steps })
    .map((values) => Float64Array.from(values));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });

const breach: fc.Arbitrary<BreachPrice> = fc.record(
  { highest: number(5, 300), lasting: number(5, 300) },
  { requiredKeys: [] },
);

const capacity = (steps: number, min: number, max: number): fc.Arbitrary<Capacity> =>
  fc.record({ mw: fc.oneof(number(min, max), series(steps, min, max)), breach }, { requiredKeys: ['mw'] });

const sparse = (steps: number, min: number, max: number) =>
  fc.tuple(series(steps, min, max), series(steps, 0, 1)).map(([values, luck]) => values.map((one, t) => (luck[t]! < 0.3 ? one : NaN))); // prettier-ignore

const storage = (steps: number): fc.Arbitrary<Omit<StorageDevice, 'name'>> =>
  fc.record(
    {
      kind: fc.constant('storage' as const),
      chargePowerMaxMw: fc.oneof(number(0.3, 1), series(steps, 0, 1)),
      dischargePowerMaxMw: fc.oneof(fc.constant(0), number(0.3, 1), series(steps, 0, 1)),
      consumptionCapacity: capacity(steps, 0.2, 0.8),
      productionCapacity: capacity(steps, 0.2, 0.8),
      socAtStartMwh: number(0.3, 1.4),
      socMinMwh: fc.constant(0.2),
      socMaxMwh: fc.constantFrom(1.5, 3),
      socMinima: fc.record({ mwh: sparse(steps, 0, 1.4), breach }),
      socMaxima: fc.record({ mwh: sparse(steps, 0.3, 1.5), breach }),
      socTargets: fc.tuple(fc.integer({ min: 4, max: steps }), number(0.4, 1.4)).map(([step, socMwh]) => [{ step, socMwh }]), // prettier-ignore
      roundtripEfficiency: fc.constantFrom(1, 0.9, 0.81, 0.5),
      chargingEfficiency: fc.constantFrom(0.8, 1, 2),
      dischargingEfficiency: series(steps, 0.6, 1),
      storageEfficiency: fc.oneof(fc.constant(0.99), series(steps, 0.95, 1)),
      stockInflowMw: series(steps, -0.05, 0.1),
      preferChargingSooner: fc.constant(false),
    },
    {
      requiredKeys: ['kind', 'chargePowerMaxMw', 'dischargePowerMaxMw', 'socAtStartMwh', 'socMinMwh', 'socMaxMwh', 'roundtripEfficiency', 'preferChargingSooner'], // prettier-ignore
    },
  );

const process_ = (steps: number): fc.Arbitrary<Omit<ProcessDevice, 'name'>> =>
  fc.record({
    kind: fc.constant('process' as const),
    type: fc.constantFrom('INFLEXIBLE', 'SHIFTABLE', 'BREAKABLE'),
    powerMw: fc.constantFrom(0.4, 0.7, -0.5),
    preferRunningSooner: fc.constant(false),
    durationSteps: fc.integer({ min: 1, max: 3 }),
    forbidden: maybe(
      fc
        .array(fc.constantFrom(0, 0, 0, 1), { minLength: steps, maxLength: steps })
        .map((one) => Uint8Array.from(one)),
    ),
  });

const site = fc.integer({ min: 6, max: 10 }).chain((steps) =>
  fc
    .record({
      stepHours: fc.constantFrom(0.25, 1),
      prices: series(steps, -120, 200),
      markUp: fc.oneof(fc.constant(new Float64Array(steps)), series(steps, -80, 0), series(steps, -60, 40)),
      consumptionCapacity: maybe(capacity(steps, 0.6, 2.5)),
      productionCapacity: maybe(capacity(steps, 0.6, 2.5)),
      consumptionPeak: maybe(fc.record({ alreadyMw: number(0, 1), pricePerMw: number(0, 100) })),
      productionPeak: maybe(fc.record({ alreadyMw: number(0, 1), pricePerMw: number(0, 100) })),
      storages: fc.array(storage(steps), { minLength: 0, maxLength: 3 }),
      processes: fc.array(process_(steps), { minLength: 0, maxLength: 2 }),
      pv: maybe(series(steps, 0, 1)),
      load: maybe(series(steps, -0.4, 0.6)),
    })
    .map(({ prices, markUp, storages, processes, pv, load, ...rest }): SiteProblem => {
      const devices: SiteDevice[] = [...storages, ...processes].map((device, i) => ({ ...device, name: `device ${i}` })); // prettier-ignore
      if (pv) devices.push({ kind: 'curtailable', name: 'pv', forecastMw: pv });
      if (load) devices.push({ kind: 'inflexible', name: 'load', powerMw: load });
      const productionPrices = prices.map((price, t) => price + markUp[t]!);
      return { ...rest, steps, consumptionPrices: prices, productionPrices, devices };
    }),
);

test('random sites cost what the formulation with binary variables says, or are infeasible alike', async () => {
  const seen: Record<string, number> = {};
  const sameAsReference = fc.asyncProperty(site, async (problem) => {
    const reference = await siteReferenceCost(problem, solver);
    const result = await scheduleSite(problem, solver, patient);
    seen[result.method] = (seen[result.method] ?? 0) + 1;
    expect(result.fallback).toBe(reference === undefined);
    expect(result.fallbackReason === undefined).toBe(reference !== undefined);
    if (reference === undefined) return;
    const scale = Math.max(Math.abs(reference), result.turnover, 1);
    const powers = result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
    expect(checkSite(problem, powers, 1e-6).map(({ rule, step }) => `${rule} ${step}`)).toEqual([]);
    expect(result.warnings).toEqual([]);
    expect(result.cost).toBeGreaterThanOrEqual(reference - 1e-5 * scale);
    expect(result.cost - reference).toBeLessThanOrEqual(1e-5 * scale);
    expect(result.gap).toBeLessThanOrEqual(1e-5 * scale);
    const oneByOne = await scheduleSequentially(problem, solver);
    if (!oneByOne.fallback) expect(oneByOne.cost).toBeGreaterThanOrEqual(result.cost - 1e-5 * scale);
  });
  await fc.assert(sameAsReference, { seed, numRuns, endOnFailure: true });
  expect(seen['fallback']).toBeGreaterThan(numRuns / 50);
  expect(seen['lp']).toBeGreaterThan(numRuns / 10);
  expect(seen['milp']).toBeGreaterThan(numRuns / 10);
}, 60_000);
