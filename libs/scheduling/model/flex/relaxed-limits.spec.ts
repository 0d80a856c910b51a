import { HighsSolver } from '#lib/solver';
import { reportLimits, scheduleSite } from '..';
import { buildSiteProblem } from './build-site-problem';

const START = Date.parse('2026-12-01T00:00:00Z');
const solver = new HighsSolver();
const none = () => Promise.reject(new Error('There are no sensors here.'));

type Fields = Record<string, unknown>;

const BATTERY = { 'soc-at-start': '0 kWh', 'soc-max': '100 kWh', 'power-capacity': '10 kW' };
const hour = (hours: number): string => new Date(START + hours * 3_600_000).toISOString();

/** Hourly schedule of a battery. */
async function schedule(
  steps: number,
  flexModel: Fields,
  flexContext: Fields,
  { relaxConstraints = false, inflexibleKw = [] as number[] } = {},
) {
  const battery = { id: 'battery', name: 'battery', isStorageType: true, attributes: {}, readPower: none };
  const { problem } = await buildSiteProblem(
    {
      devices: [{ ...battery, flexModel: { ...BATTERY, ...flexModel } }],
      flexContext: { 'consumption-price': '0.1 EUR/kWh', ...flexContext },
      attributes: {},
      inflexiblePowerMw:
        inflexibleKw.length > 0 ? Float64Array.from(inflexibleKw, (kw) => kw / 1000) : undefined,
      unitOfSensor: none,
    },
    {
      ...{ window: { startMs: START, stepMs: 3_600_000, steps, timezone: 'UTC' }, relaxConstraints },
      ...{ readSensor: none, warn: () => undefined },
    },
  );
  const result = await scheduleSite(problem, solver);
  const kw = Array.from(result.devices[0]!.powerMw, (mw) => 1000 * mw);
  const powers = result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return { problem, result, kw, reports: reportLimits(problem, powers) };
}

const MISSED = { 'soc-minima': [{ value: '30 kWh', datetime: hour(2) }] };

describe('limits of a flex-context that are relaxed', () => {
  it.each<[string, Fields, boolean, boolean]>([
    ['nothing', {}, false, false],
    ['the setting', {}, true, true],
    ['relax-constraints', { 'relax-constraints': true }, false, true],
    ['relax-constraints against the setting', { 'relax-constraints': false }, true, false],
    [
      'relax-soc-constraints against relax-constraints',
      { 'relax-constraints': true, 'relax-soc-constraints': false },
      true,
      false,
    ],
    ['relax-soc-constraints', { 'relax-soc-constraints': true }, false, true],
    ['relax-site-capacity-constraints', { 'relax-site-capacity-constraints': true }, false, false],
    ['a price', { 'soc-minima-breach-price': '1 EUR/kWh', 'relax-constraints': false }, false, true],
  ])('are soft for minima by %s', async (_by, context, relaxConstraints, isSoft) => {
    const { result, kw } = await schedule(2, MISSED, context, { relaxConstraints });
    // The minimum is out of reach, so that the schedule is the same; only what it is called differs.
    expect(kw).toEqual([10, 10]);
    expect(result.fallback).toBe(!isSoft);
  });

  it('do not replace a price', async () => {
    const { problem } = await schedule(
      1,
      {},
      {
        'relax-constraints': true,
        'site-consumption-capacity': '1 kW',
        'site-consumption-breach-price': '5 EUR/kW',
      },
    );
    expect(problem.consumptionCapacity!.breach).toEqual({ highest: 5000, perHour: 5000 });
  });

  it('are capacities of devices only if these are named, and unless one has a price', async () => {
    const capacities = { 'consumption-capacity': '5 kW', 'production-capacity': '5 kW' };
    const breachesOf = async (context: Fields) => {
      const { problem } = await schedule(1, capacities, context);
      const [device] = problem.devices;
      if (device?.kind !== 'storage') throw new Error('It is a storage.');
      return [device.consumptionCapacity?.breach?.highest, device.productionCapacity?.breach?.highest];
    };
    expect(await breachesOf({ 'relax-constraints': true })).toEqual([undefined, undefined]);
    expect(await breachesOf({ 'relax-capacity-constraints': true })).toEqual([100_000, 100_000]);
    const priced = { 'relax-capacity-constraints': true, 'consumption-breach-price': '1 EUR/kW' };
    expect(await breachesOf(priced)).toEqual([1000, undefined]);
  });

  it('do not let a device do what it can never do, but what it cannot do at times', async () => {
    const soft = { 'relax-capacity-constraints': true, 'soc-maxima-breach-price': '10000 EUR/kWh' };
    const full = { 'soc-at-start': '10 kWh', 'soc-maxima': [{ value: '0 kWh', datetime: hour(2) }] };
    const never = await schedule(2, { ...full, 'production-capacity': '0 kW' }, soft);
    expect(never.kw).toEqual([0, 0]);
    const notAlways = { value: '0 kW', start: hour(0), end: hour(1) };
    const later = { value: '4 kW', start: hour(1), end: hour(2) };
    const sometimes = await schedule(2, { ...full, 'production-capacity': [notAlways, later] }, soft);
    expect(sometimes.kw[0]! + sometimes.kw[1]!).toBeCloseTo(-10, 6);
  });

  it('trade off by their prices: the default of the site is above that of states of charge', async () => {
    const context = { 'relax-constraints': true, 'site-consumption-capacity': '4 kW' };
    const { kw, reports } = await schedule(2, MISSED, context);
    expect(kw).toEqual([4, 4]);
    expect(reports).toMatchObject([
      { constraint: 'site-consumption-capacity', breaches: [], closest: { amount: 0 } },
      { constraint: 'soc-minima', device: 'battery', isPriced: true, breaches: [{ step: 2 }] },
    ]);
    expect(1000 * reports[1]!.breaches[0]!.amount).toBeCloseTo(22, 6);
    const reversed = { ...context, 'site-consumption-breach-price': '1 EUR/kW' };
    expect((await schedule(2, MISSED, reversed)).kw).toEqual([10, 10]);
  });
});

describe('hard limits that cannot be kept', () => {
  it('give way in the order states of charge, directional capacities of the site, its power capacity', async () => {
    // Load of 9 kW behind 5 kW: the battery has 3 kWh to help with, and should keep 3 kWh.
    const model = { 'soc-at-start': '3 kWh', 'soc-minima': [{ value: '3 kWh', datetime: hour(1) }] };
    const context = { 'site-consumption-capacity': '5 kW', 'site-power-capacity': '8 kW' };
    const { kw, reports, result } = await schedule(1, model, context, { inflexibleKw: [9] });
    expect(result.fallback).toBe(true);
    // All of the state of charge gives way; then the capacity of the site, by 1 kW; not the power capacity.
    expect(kw).toEqual([-3]);
    const told = reports
      .filter(({ closest }) => !closest)
      .map(({ constraint, breaches }) => [
        constraint,
        ...breaches.map(({ amount }) => +(1000 * amount).toFixed(3)),
      ]);
    expect(told).toEqual([
      ['site-consumption-capacity', 1],
      ['soc-minima', 3],
    ]);
    // The power capacity gives way only as far as the load forces it.
    const narrow = await schedule(
      1,
      model,
      { ...context, 'site-power-capacity': '4 kW' },
      { inflexibleKw: [9] },
    );
    expect(narrow.kw).toEqual([-3]);
    expect(1000 * narrow.reports[0]!.breaches[0]!.amount).toBeCloseTo(2, 3);
  });

  it('are broken as little as possible, and the highest breach before cost', async () => {
    const minima = [1, 2].map((at) => ({ value: '15 kWh', datetime: hour(at) }));
    const { kw, reports } = await schedule(2, { 'soc-minima': minima }, {});
    expect(kw).toEqual([10, 5]);
    expect(reports).toMatchObject([{ constraint: 'soc-minima', isPriced: false, breaches: [{ step: 1 }] }]);
    expect(1000 * reports[0]!.breaches[0]!.amount).toBeCloseTo(5, 6);
  });
});

describe('prices in emissions', () => {
  const emissions = { 'consumption-price': '300 kgCO2/MWh', 'production-price': '200 gCO2/kWh' };

  it('are compared with each other in one unit', async () => {
    const context = {
      ...emissions,
      'site-consumption-breach-price': '2 kgCO2/kW',
      'site-consumption-capacity': '1 kW',
    };
    const { problem } = await schedule(1, {}, context);
    expect([problem.consumptionPrices[0], problem.productionPrices[0]]).toEqual([300, 200]);
    expect(problem.consumptionCapacity!.breach).toEqual({ highest: 2000, perHour: 2000 });
  });

  it('are not compared with money', async () => {
    const mixed = schedule(1, {}, { ...emissions, 'production-price': '1 EUR/kWh' });
    await expect(mixed).rejects.toMatchObject({ code: 'INVALID_UNIT', field: 'production-price' });
  });
});
