import { HighsSolver, type Solver } from '#lib/solver';
import { checkSchedule } from '../evaluate/check-schedule';
import { validateSchedule } from '../evaluate/validate-schedule';
import type { SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { scheduleSequentially } from './schedule-sequentially';
import { scheduleSite } from './schedule-site';

const solver = new HighsSolver();

const battery = (name: string, given: Partial<StorageDevice> = {}): StorageDevice => ({
  kind: 'storage',
  id: name,
  chargePowerMaxMw: 1,
  dischargePowerMaxMw: 1,
  socAtStartMwh: 0,
  socMinMwh: 0,
  socMaxMwh: 2,
  roundtripEfficiency: 1,
  preferChargingSooner: false,
  ...given,
});

const site = (prices: number[], devices: SiteDevice[], given: Partial<SiteProblem> = {}): SiteProblem => ({
  steps: prices.length,
  stepHours: 1,
  consumptionPrices: Float64Array.from(prices),
  productionPrices: Float64Array.from(prices),
  devices,
  ...given,
});

const powersOf = ({ devices }: { devices: { unroundedPowerMw: Float64Array }[] }) =>
  devices.map(({ unroundedPowerMw }) => unroundedPowerMw);

/** Many batteries of different sizes behind one connection, with hours in which it would pay to waste energy. */
function fleet(count: number): SiteProblem {
  const steps = 96;
  const prices = Array.from({ length: steps }, (_, t) => {
    const hour = Math.floor(t / 4);
    return 10 + 45 * Math.cos((hour / 24) * 2 * Math.PI) + 20 * Math.sin(hour * 1.7);
  });
  const load = Float64Array.from({ length: steps }, (_, t) => 0.05 * count + 0.025 * count * Math.sin(t / 9));
  const devices = Array.from({ length: count }, (_, i) =>
    battery(`battery ${i}`, {
      chargePowerMaxMw: 0.1 + 0.02 * i,
      dischargePowerMaxMw: 0.1 + 0.015 * i,
      socAtStartMwh: 0.1 + 0.01 * i,
      socMinMwh: 0.02,
      socMaxMwh: 0.4 + 0.05 * i,
      roundtripEfficiency: 0.81 + 0.005 * i,
    }),
  );
  return site(prices, [...devices, { kind: 'inflexible', id: 'load', powerMw: load }], {
    stepHours: 0.25,
    productionPrices: Float64Array.from(prices, (price) => price - 10),
    consumptionCapacity: { mw: 0.15 * count },
    productionCapacity: { mw: 0.15 * count },
  });
}

describe('scheduleSite', () => {
  it('has a gap below 0.1 % if it would pay many batteries to waste energy', async () => {
    const problem = fleet(20);
    const result = await scheduleSite(problem, solver, { decompositionTimeMs: 50_000 });
    expect(result.method).toBe('decomposition');
    expect(result.gap).toBeLessThanOrEqual(1e-3 * Math.max(Math.abs(result.cost), result.turnover));
    expect(result).toMatchObject({ fallback: false, warnings: [] });
    expect(checkSchedule(problem, powersOf(result), 1e-7)).toEqual([]);
  });

  it('schedules devices that nothing couples separately and exactly', async () => {
    const lossy = { roundtripEfficiency: 0.64, socAtStartMwh: 2 };
    const result = await scheduleSite(site([-10, -100], [battery('a', lossy), battery('b', lossy)]), solver);
    // Each is full and consumption is paid for: it discharges 0.64 MW first, to charge 1 MW at the lowest price.
    expect(result).toMatchObject({ method: 'exact', fallback: false });
    expect(result.cost).toBeCloseTo(2 * (6.4 - 100), 6);
  });

  it('lets one device consume what another produces, at no cost', async () => {
    const problem = site([50, 50], [battery('giver', { socAtStartMwh: 1 }), battery('taker', { socTargets: [{ step: 2, socMwh: 1 }] })], { productionPrices: Float64Array.of(10, 10) }); // prettier-ignore
    expect((await scheduleSite(problem, solver)).cost).toBeCloseTo(0, 9);
    // One after another, the giver sells at 10 before the taker buys at 50.
    expect((await scheduleSequentially(problem, solver)).cost).toBeGreaterThan(-1e-9);
  });
});

describe('scheduleSequentially', () => {
  it('lets a device consume what a device before it produces', async () => {
    const problem = site([50, 50], [battery('giver', { socAtStartMwh: 1, chargePowerMaxMw: 0 }), battery('taker', { socTargets: [{ step: 2, socMwh: 1 }] })], { productionPrices: Float64Array.of(10, 20) }); // prettier-ignore
    const result = await scheduleSequentially(problem, solver);
    expect(result.devices.map(({ powerMw }) => [...powerMw])).toEqual([
      [0, -1],
      [0, 1],
    ]);
    expect(result).toMatchObject({ method: 'sequential', cost: 0 });
  });

  it('reports inflexible power above the site capacity if there is no device to schedule', async () => {
    const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(1, 3) };
    const problem = site([10, 10], [load], { consumptionCapacity: { mw: 2 } });
    const result = await scheduleSequentially(problem, solver);
    expect(result.fallbackReason).toBe(
      'site-consumption-capacity 2 MW 1 h after the start needs 1 MW less consumption than is given, and no device can make up for it.',
    );
    expect(validateSchedule(problem, result)).toEqual([]);
  });
});

describe('scheduleSite without a feasible schedule', () => {
  it('reports which limits of a storage cannot be met, and meets the others', async () => {
    const problem = site(
      [10, 20, 30],
      [battery('car', { socTargets: [{ step: 1, socMwh: 1.5 }] }), battery('home')],
    );
    const result = await scheduleSite(problem, solver);
    expect(result).toMatchObject({ method: 'fallback', fallback: true, gap: NaN });
    expect(result.fallbackReason).toBe(
      'car: soc-target 1.5 MWh 1 h after the start needs 1.5 MWh within 1 h, but power-capacity 1 MW allows 1 MWh.',
    );
    expect(result.devices[0]!.powerMw[0]).toBeCloseTo(1, 6);
    expect([...result.devices[1]!.powerMw]).toEqual([1, 0, -1]);
  });

  it('reports that devices together need more than the site capacity', async () => {
    const target = { socTargets: [{ step: 1, socMwh: 1 }] };
    const problem = site([10], [battery('a', target), battery('b', target)], {
      consumptionCapacity: { mw: 1.5 },
    });
    const result = await scheduleSite(problem, solver);
    expect(result.fallback).toBe(true);
    // Both lack a quarter, not one of them a half.
    const reason =
      'soc-target 1 MWh 1 h after the start needs 1 MWh within 1 h, but site-consumption-capacity 1.5 MW leaves 0.75 MWh.';
    expect(result.fallbackReason).toBe(`a: ${reason} b: ${reason}`);
  });

  it('reports that no schedule was found within the time limit', async () => {
    const slowSolver: Solver = {
      solve: () =>
        Promise.resolve({ status: 'time-limit', objective: NaN, columns: undefined, gap: Infinity }),
    };
    const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(1) };
    const problem = site([10], [battery('a'), battery('b'), load], { consumptionCapacity: { mw: 1.5 } });
    const result = await scheduleSite(problem, slowSolver);
    expect(result).toMatchObject({
      fallback: true,
      fallbackReason: 'No schedule was found within the time limit.',
      netPowerMw: Float64Array.of(1),
    });
  });

  it('reports a load above the site capacity, and a process without enough time', async () => {
    const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(1, 3) };
    const overloaded = await scheduleSite(site([10, 10], [load], { consumptionCapacity: { mw: 2 } }), solver);
    expect(overloaded.fallbackReason).toBe(
      'site-consumption-capacity 2 MW 1 h after the start needs 1 MW less consumption than is given, and no device can make up for it.',
    );
    const washing = { kind: 'process', id: 'washing', powerMw: 1, durationSteps: 2, preferRunningSooner: true } as const; // prettier-ignore
    const forbidden = Uint8Array.of(0, 1, 0);
    for (const type of ['SHIFTABLE', 'INFLEXIBLE'] as const) {
      const result = await scheduleSite(site([1, 2, 3], [{ ...washing, type, forbidden }]), solver);
      expect(result.fallbackReason).toBe('washing: duration 2 h is needed, but time-restrictions leave 1 h.');
      expect([...result.devices[0]!.powerMw]).toEqual([0, 0, 0]);
    }
  });

  it('runs a process even if another one has too little time', async () => {
    const process = { kind: 'process', type: 'SHIFTABLE', powerMw: 1, preferRunningSooner: true } as const;
    const problem = site(
      [1, 2, 3],
      [
        { ...process, id: 'too long', durationSteps: 4 },
        { ...process, id: 'short', durationSteps: 2 },
      ],
    );
    const result = await scheduleSite(problem, solver);
    expect(result.fallbackReason).toBe('too long: duration 4 h is needed, but the schedule leaves 3 h.');
    expect(result.devices.map(({ powerMw }) => [...powerMw])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
    ]);
    expect(validateSchedule(problem, result)).toEqual([]);
  });
});

describe('scheduleSite with invalid input', () => {
  it.each([
    ['steps', { steps: 0 }],
    ['consumptionPrices', { consumptionPrices: Float64Array.of(NaN) }],
    ['productionPrices', { productionPrices: Float64Array.of(1, 2) }],
    ['consumptionCapacity', { consumptionCapacity: { mw: -1 } }],
    ['productionCapacity breach price', { productionCapacity: { mw: 1, breach: { perHour: -1 } } }],
    ['consumptionPeak', { consumptionPeak: { previousMw: -1, pricePerMw: 1 } }],
    ['devices', { devices: [battery('same'), battery('same')] }],
    ['storageEfficiency', { devices: [battery('a', { storageEfficiency: 0 })] }],
    ['socMinima', { devices: [battery('a', { socMinima: { mwh: new Float64Array(2) } })] }],
    ['forecastMw', { devices: [{ kind: 'curtailable', id: 'pv', forecastMw: Float64Array.of(-1) }] }],
  ] as [string, Partial<SiteProblem>][])('throws a RangeError for an invalid %s', async (field, wrong) => {
    await expect(scheduleSite({ ...site([10], []), ...wrong }, solver)).rejects.toThrow(RangeError);
    await expect(scheduleSite({ ...site([10], []), ...wrong }, solver)).rejects.toThrow(field);
  });
});
