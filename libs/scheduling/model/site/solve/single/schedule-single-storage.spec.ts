import { HighsSolver } from '#lib/solver';
import { buildStorageProblem, siteWithStorage } from '../../../reference/build-problems';
import { checkSchedule } from '../../evaluate/check-schedule';
import { scheduleSite } from '../schedule-site';

const solver = new HighsSolver();

type Given = Parameters<typeof buildStorageProblem>[0];

const site = (given: Given) => siteWithStorage(buildStorageProblem(given));

async function schedule(given: Given) {
  const result = await scheduleSite(site(given), solver);
  return { ...result, storage: result.devices[0]! };
}

describe('scheduleSite with one storage', () => {
  it('gives power, stock, cost and method', async () => {
    const { storage, cost, method, gap, fallback, warnings } = await schedule({
      consumptionPrices: [10, 30, 20],
      socAtStartMwh: 0,
    });
    expect(storage).toEqual({
      id: 'storage',
      powerMw: Float64Array.of(1, -1, 0),
      unroundedPowerMw: Float64Array.of(1, -1, 0),
      socMwh: Float64Array.of(0, 1, 0, 0),
    });
    expect({ cost, method, gap, fallback, warnings }).toEqual({
      cost: -20,
      method: 'lp',
      gap: 0,
      fallback: false,
      warnings: [],
    });
  });

  it.each([
    ['negative prices', { consumptionPrices: [-10, -100], socAtStartMwh: 4, roundtripEfficiency: 0.64 }],
    [
      'production prices above consumption prices',
      { consumptionPrices: [10, 10, 10], productionPrices: [50, 50, 50], roundtripEfficiency: 0.9 },
    ],
  ])('is exact and meets all constraints at %s', async (_, given: Given) => {
    const { method, devices } = await schedule(given);
    expect(method).toBe('exact');
    const powers = devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
    expect(checkSchedule(site(given), powers, 1e-9)).toEqual([]);
  });

  it('charges earlier and discharges later at equal prices if that is preferred', async () => {
    const prices = { consumptionPrices: [10, 10, 10, 50, 50, 50], socAtStartMwh: 0, socMaxMwh: 1 };
    const { storage, cost } = await schedule({ ...prices, preferChargingSooner: true });
    expect([...storage.powerMw]).toEqual([1, 0, 0, 0, 0, -1]);
    expect(cost).toBe(-40);
  });

  it('accepts a state of charge at start outside its bounds', async () => {
    const result = await schedule({ consumptionPrices: [10, 10], socAtStartMwh: 0.5, socMinMwh: 1 });
    expect(result).toMatchObject({ fallback: false, cost: 5 });
  });

  it('gives a fallback with a reason if a target cannot be met', async () => {
    const result = await schedule({ consumptionPrices: [10, 10], socTargets: [{ step: 1, socMwh: 4 }] });
    expect(result).toMatchObject({ method: 'fallback', fallback: true, cost: 0, gap: NaN });
    // As close to the target as possible, and as cheap as possible after it.
    expect(result.storage.powerMw).toEqual(Float64Array.of(1, -1));
    expect(result.fallbackReason).toBe(
      'storage: soc-target 4 MWh 1 h after the start needs 2 MWh within 1 h, but power-capacity 1 MW allows 1 MWh.',
    );
  });

  it('gives a fallback if a target at the start differs from the state of charge', async () => {
    const targetAt = (socMwh: number) =>
      schedule({ consumptionPrices: [10], socTargets: [{ step: 0, socMwh }] });
    expect(await targetAt(2)).toMatchObject({ fallback: false });
    expect(await targetAt(3)).toMatchObject({ fallback: true });
  });

  it.each([
    ['steps', { steps: 0 }],
    ['stepHours', { stepHours: 0 }],
    ['roundtripEfficiency', { roundtripEfficiency: 0 }],
    ['roundtripEfficiency', { roundtripEfficiency: 1.1 }],
    ['socAtStartMwh', { socAtStartMwh: NaN }],
    ['consumptionPrices', { consumptionPrices: [10, NaN] }],
    ['productionPrices', { productionPrices: [10] }],
    ['chargePowerMaxMw', { chargePowerMaxMw: -1 }],
    ['socMaxMwh', { socMaxMwh: Infinity }],
    ['consumptionCapacity', { siteConsumptionCapacityMw: -1 }],
    ['productionCapacity', { siteProductionCapacityMw: NaN }],
    ['socTargets', { socTargets: [{ step: 3, socMwh: 1 }] }],
  ])('throws a RangeError for an invalid %s', async (field, wrong) => {
    const problem = site({ consumptionPrices: [10, 10], ...wrong });
    await expect(scheduleSite(problem, solver)).rejects.toThrow(RangeError);
    await expect(scheduleSite(problem, solver)).rejects.toThrow(field);
  });
});
