import fc from 'fast-check';
import type {
  BreachPrice,
  Capacity,
  Peak,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  StorageDevice,
} from '#lib/scheduling/model';

export const number = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) }).map((value) => value / 1000);
export const series = (steps: number, min: number, max: number) =>
  fc
    .array(number(min, max), { minLength: steps, maxLength: steps })
    .map((values) => Float64Array.from(values));
export const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });

/** A number, or one per step. */
export const varying = (steps: number, min: number, max: number) =>
  fc.oneof(number(min, max), series(steps, min, max));

export const breach = (steps: number): fc.Arbitrary<BreachPrice> =>
  fc.record({ highest: varying(steps, 5, 300), perHour: varying(steps, 5, 300) }, { requiredKeys: [] });

const peak = (steps: number): fc.Arbitrary<Peak> =>
  fc.record({ previousMw: varying(steps, 0, 1), pricePerMw: varying(steps, 0, 100) });

export const capacity = (steps: number, min: number, max: number): fc.Arbitrary<Capacity> =>
  fc.record({ mw: varying(steps, min, max), breach: breach(steps) }, { requiredKeys: ['mw'] });

export const sparse = (steps: number, min: number, max: number) =>
  fc.tuple(series(steps, min, max), series(steps, 0, 1)).map(([values, luck]) => values.map((one, t) => (luck[t]! < 0.3 ? one : NaN))); // prettier-ignore

const storage = (steps: number): fc.Arbitrary<Omit<StorageDevice, 'id'>> =>
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
      socMinima: fc.record({ mwh: sparse(steps, 0, 1.4), breach: breach(steps) }),
      socMaxima: fc.record({ mwh: sparse(steps, 0.3, 1.5), breach: breach(steps) }),
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

const process_ = (steps: number): fc.Arbitrary<Omit<ProcessDevice, 'id'>> =>
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

/** Storages, processes, curtailable production and a load, with hard and soft limits of every kind. */
export const aSiteProblem: fc.Arbitrary<SiteProblem> = fc.integer({ min: 6, max: 10 }).chain((steps) =>
  fc
    .record({
      stepHours: fc.constantFrom(0.25, 1),
      prices: series(steps, -120, 200),
      markUp: fc.oneof(fc.constant(new Float64Array(steps)), series(steps, -80, 0), series(steps, -60, 40)),
      consumptionCapacity: maybe(capacity(steps, 0.6, 2.5)),
      productionCapacity: maybe(capacity(steps, 0.6, 2.5)),
      consumptionPeak: maybe(peak(steps)),
      productionPeak: maybe(peak(steps)),
      storages: fc.array(storage(steps), { minLength: 0, maxLength: 3 }),
      processes: fc.array(process_(steps), { minLength: 0, maxLength: 2 }),
      pv: maybe(series(steps, 0, 1)),
      load: maybe(series(steps, -0.4, 0.6)),
    })
    .map(({ prices, markUp, storages, processes, pv, load, ...rest }): SiteProblem => {
      const devices: SiteDevice[] = [...storages, ...processes].map((device, i) => ({ ...device, id: `device ${i}` })); // prettier-ignore
      if (pv) devices.push({ kind: 'curtailable', id: 'pv', forecastMw: pv });
      if (load) devices.push({ kind: 'inflexible', id: 'load', powerMw: load });
      const productionPrices = prices.map((price, t) => price + markUp[t]!);
      return { ...rest, steps, consumptionPrices: prices, productionPrices, devices };
    }),
);

/**
 * A site with one storage and a load: prices of every sign, production prices below, equal to and above consumption
 * prices, limits and targets.
 */
export const aSingleStorage: fc.Arbitrary<SiteProblem> = fc.integer({ min: 8, max: 24 }).chain((steps) => {
  const limit = fc.oneof(fc.constantFrom(0.3, 0.5, 1), fc.constantFrom(0, 0.3, 0.5, 1), series(steps, 0, 1));
  const soc = fc.integer({ min: 200, max: 1500 }).map((value) => value / 1000);
  return fc
    .record({
      stepHours: fc.constantFrom(0.25, 0.5, 1),
      prices: series(steps, -150, 200),
      markUp: fc.oneof(fc.constant(new Float64Array(steps)), series(steps, -80, 0), series(steps, -60, 60)),
      inflexiblePowerMw: fc.option(series(steps, -0.8, 0.8), { nil: undefined }),
      chargePowerMaxMw: limit,
      dischargePowerMaxMw: limit,
      socAtStartMwh: soc,
      socMaxMwh: fc.constantFrom(1.5, 2, 5),
      targets: fc.oneof(
        fc.constant([]),
        fc.array(fc.tuple(fc.integer({ min: 4, max: steps }), soc), { maxLength: 2 }),
      ),
      roundtripEfficiency: fc.constantFrom(1, 0.95, 0.9, 0.81, 0.5),
      siteCapacityMw: fc.oneof(fc.constantFrom(undefined, undefined, 1, 1.2), series(steps, 1, 2)),
      preferChargingSooner: fc.constant(false),
      chargingEfficiency: fc.constantFrom(undefined, undefined, 0.8, 3),
      dischargingEfficiency: fc.oneof(fc.constant(undefined), series(steps, 0.6, 1)),
      storageEfficiency: fc.oneof(fc.constantFrom(undefined, 0.99), series(steps, 0.9, 1)),
      stockInflowMw: fc.oneof(fc.constant(undefined), series(steps, -0.1, 0.2)),
    })
    .map(({ prices, markUp, targets, siteCapacityMw, stepHours, inflexiblePowerMw, ...rest }) => {
      const capacity = siteCapacityMw === undefined ? undefined : { mw: siteCapacityMw };
      const socTargets = [...new Map(targets)].map(([step, socMwh]) => ({ step, socMwh }));
      return {
        steps,
        stepHours,
        consumptionPrices: prices,
        productionPrices: prices.map((price, t) => price + markUp[t]!),
        consumptionCapacity: capacity,
        productionCapacity: capacity,
        devices: [
          { ...rest, kind: 'storage', id: 'storage', socMinMwh: 0.2, socTargets },
          { kind: 'inflexible', id: 'load', powerMw: inflexiblePowerMw ?? new Float64Array(steps) },
        ],
      };
    });
});

/** The same with a constraint that usually cannot be met: most of these problems have no schedule. */
export const anImpossibleSite: fc.Arbitrary<SiteProblem> = aSiteProblem.chain((problem) =>
  fc
    .record({
      demand: fc.constantFrom('target', 'minimum', 'inflow', 'load', 'pv', 'process', 'forbidden'),
      where: fc.integer({ min: 0, max: problem.steps - 1 }),
      much: number(0.2, 3),
    })
    .map(({ demand, where, much }) => askTooMuch(problem, demand, where, much)),
);

function askTooMuch(problem: SiteProblem, demand: string, where: number, much: number): SiteProblem {
  const { steps } = problem;
  const at = (value: number) => new Float64Array(steps).fill(value, where, where + 1);
  const none = new Float64Array(steps);
  const battery = {
    kind: 'storage' as const,
    id: 'one more',
    chargePowerMaxMw: 0.3,
    dischargePowerMaxMw: 0.3,
    socAtStartMwh: 1,
    socMinMwh: 0,
    socMaxMwh: 5,
    roundtripEfficiency: 0.9,
    preferChargingSooner: false,
  };
  const process = { kind: 'process' as const, id: 'one more', powerMw: 0.3, preferRunningSooner: false };
  const withDevice = (device: SiteDevice) => ({ ...problem, devices: [...problem.devices, device] });
  switch (demand) {
    case 'target':
      return withDevice({ ...battery, socTargets: [{ step: where + 1, socMwh: 1 + much }] });
    case 'minimum':
      return withDevice({ ...battery, socMinima: { mwh: at(1 + much).map((one) => one || NaN) } });
    case 'inflow':
      return withDevice({ ...battery, socMaxMwh: 1.1, stockInflowMw: none.map(() => much) });
    case 'load':
      return {
        ...withDevice({ kind: 'inflexible', id: 'one more', powerMw: at(1 + 2 * much) }),
        consumptionCapacity: { mw: 0.5 },
      };
    case 'pv':
      return {
        ...withDevice({ kind: 'inflexible', id: 'one more', powerMw: at(-1 - 2 * much) }),
        productionCapacity: { mw: 0.5 },
      };
    case 'process':
      return withDevice({ ...process, type: 'SHIFTABLE', durationSteps: steps + 1 });
    default:
      return withDevice({
        ...process,
        type: 'BREAKABLE',
        durationSteps: Math.max(1, where),
        forbidden: Uint8Array.from({ length: steps }, (_, t) => (t > where / 2 ? 1 : 0)),
      });
  }
}
