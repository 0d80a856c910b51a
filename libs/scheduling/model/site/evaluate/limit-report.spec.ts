import type { FlexibleDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { reportLimits } from './limit-report';

const prices = Float64Array.of(1, 1, 1);

const battery: StorageDevice = {
  ...{ kind: 'storage', id: 'battery', chargePowerMaxMw: 5, dischargePowerMaxMw: 5 },
  ...{ socAtStartMwh: 1, socMinMwh: 0, socMaxMwh: 10, roundtripEfficiency: 1, preferChargingSooner: true },
};

const site = (change: Partial<SiteProblem>): SiteProblem => ({
  ...{ steps: 3, stepHours: 1, consumptionPrices: prices, productionPrices: prices },
  devices: [],
  ...change,
});

describe('reportLimits', () => {
  it('lists all moments at which states of charge miss their limits, and the smallest margin of those that do not', () => {
    const storage = {
      ...battery,
      socMinima: { mwh: Float64Array.of(3, NaN, 3), breach: { highest: 1 } },
      socMaxima: { mwh: Float64Array.of(9, 4, 4) },
    };
    // 2, 4 and 2.5 MWh after the steps.
    const reports = reportLimits(site({ devices: [storage] }), [Float64Array.of(1, 2, -1.5)]);
    expect(reports).toEqual([
      {
        ...{ constraint: 'soc-minima', device: 'battery', isPriced: true, unit: 'MWh' },
        breaches: [
          { step: 1, amount: 1 },
          { step: 3, amount: 0.5 },
        ],
      },
      {
        ...{ constraint: 'soc-maxima', device: 'battery', isPriced: false, unit: 'MWh' },
        ...{ breaches: [], closest: { step: 2, amount: 0 } },
      },
    ]);
  });

  it('lets a target replace minima and maxima at its instant, and misses it both ways', () => {
    const storage = {
      ...battery,
      socMinima: { mwh: Float64Array.of(9, 9, 0) },
      socTargets: [
        { step: 1, socMwh: 2 },
        { step: 2, socMwh: 5 },
      ],
    };
    const reports = reportLimits(site({ devices: [storage] }), [Float64Array.of(2, 1, 0)]);
    expect(reports).toMatchObject([
      { constraint: 'soc-minima', breaches: [], closest: { step: 3, amount: 4 } },
      {
        constraint: 'soc-target',
        breaches: [
          { step: 1, amount: 1 },
          { step: 2, amount: 1 },
        ],
      },
    ]);
  });

  it('measures the power of the site against the lower one of its capacities', () => {
    const problem = site({
      consumptionCapacity: { mw: Float64Array.of(3, 1, 3), hardLimitMw: 2 },
      productionCapacity: { mw: Infinity },
      devices: [{ ...battery, consumptionCapacity: { mw: 1, breach: { perHour: 1 } } }],
    });
    expect(reportLimits(problem, [Float64Array.of(2.5, 1, 0)])).toEqual([
      {
        ...{ constraint: 'site-consumption-capacity', isPriced: false, unit: 'MW' },
        breaches: [{ step: 0, amount: 0.5 }],
      },
      {
        ...{ constraint: 'consumption-capacity', device: 'battery', isPriced: true, unit: 'MW' },
        breaches: [{ step: 0, amount: 1.5 }],
      },
    ]);
  });

  it('reports on groups whose limits have a price, other commodities, and stocks that several devices change', () => {
    const heater = (id: string): FlexibleDevice => ({
      ...{ kind: 'flexible', id, consumptionMaxMw: 5, productionMaxMw: 0, preferRunningSooner: true },
      ...{ stock: { id: 'buffer', roundtripEfficiency: 1 } },
    });
    const none = Float64Array.of(0, 0, 0);
    const gas = { consumptionPrices: prices, productionPrices: none, isInternal: false };
    const problem = site({
      devices: [
        { ...heater('heat pump'), consumptionCapacity: { mw: 1, breach: { perHour: 1 } } },
        { ...heater('boiler'), commodity: 'gas' },
      ],
      groups: [
        { id: 'feeder', members: ['heat pump'], consumptionCapacity: { mw: 2, breach: { highest: 1 } } },
        { id: 'inverter', members: ['heat pump'], consumptionCapacity: { mw: 1, hardLimitMw: 1 } },
      ],
      commodities: [
        { ...gas, name: 'gas', consumptionCapacity: { mw: 4 } },
        { ...gas, name: 'heat', isInternal: true, consumptionCapacity: { mw: 0, hardLimitMw: 0 } },
      ],
      stocks: [
        {
          ...{ id: 'buffer', socAtStartMwh: 0, socMinMwh: 0, socMaxMwh: 20 },
          socMinima: { mwh: Float64Array.of(NaN, NaN, 9) },
        },
      ],
    });
    // 4, 6 and 8 MWh after the steps.
    const reports = reportLimits(problem, [Float64Array.of(3, 1, 1), Float64Array.of(1, 1, 1)]);
    expect(reports).toEqual([
      {
        ...{ constraint: 'site-consumption-capacity', commodity: 'gas', isPriced: false, unit: 'MW' },
        ...{ breaches: [], closest: { step: 0, amount: 3 } },
      },
      {
        ...{ constraint: 'consumption-capacity', device: 'feeder', isPriced: true, unit: 'MW' },
        breaches: [{ step: 0, amount: 1 }],
      },
      {
        ...{ constraint: 'consumption-capacity', device: 'heat pump', isPriced: true, unit: 'MW' },
        breaches: [{ step: 0, amount: 2 }],
      },
      {
        ...{ constraint: 'soc-minima', device: 'buffer', isPriced: false, unit: 'MWh' },
        breaches: [{ step: 3, amount: 1 }],
      },
    ]);
  });
});
