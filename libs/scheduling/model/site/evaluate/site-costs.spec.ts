import type { SiteProblem, StorageDevice } from '../problem/site-problem';
import { siteCosts } from './site-costs';

const battery: StorageDevice = {
  kind: 'storage',
  id: 'battery',
  chargePowerMaxMw: 2,
  dischargePowerMaxMw: 2,
  socAtStartMwh: 1,
  socMinMwh: 0,
  socMaxMwh: 4,
  roundtripEfficiency: 1,
  preferChargingSooner: false,
};
const load = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(1, -2, 0) } as const;
const problem: SiteProblem = {
  steps: 3,
  stepHours: 0.5,
  consumptionPrices: Float64Array.of(100, 100, -20),
  productionPrices: Float64Array.of(40, 40, -30),
  devices: [battery, load],
};
const powers = [Float64Array.of(2, 1, 2), load.powerMw];

describe('siteCosts', () => {
  it('multiplies net power, price and hours, and adds up costs and turnover', () => {
    // 3 MW bought at 100, 1 MW sold at 40, 2 MW bought at -20; half an hour each.
    expect(siteCosts(problem, powers)).toEqual({
      commitments: [
        { commitment: 'consumption', cost: 130 },
        { commitment: 'production', cost: -20 },
      ],
      cost: 110,
      turnover: 190,
      netPowerMw: Float64Array.of(3, -1, 2),
    });
  });

  it('adds the cost of the peak and of each exceeded limit', () => {
    const priced: SiteProblem = {
      ...problem,
      consumptionPeak: { previousMw: 2.5, pricePerMw: 10 },
      consumptionCapacity: { mw: 2, breach: { highest: 4, perHour: 6 } },
      productionCapacity: { mw: 2, breach: { highest: 5 } },
      devices: [{ ...battery, socMinima: { mwh: Float64Array.of(NaN, 3, 2), breach: { perHour: 8 } } }, load],
    };
    expect(siteCosts(priced, powers).commitments.slice(2)).toEqual([
      // The new peak is 0.5 MW above the previous one.
      { commitment: 'site-peak-consumption', cost: 5 },
      // 1 MW too much in the first step, for half an hour.
      { commitment: 'site-consumption-breach', cost: 4 + 3 },
      { commitment: 'site-production-breach', cost: 0 },
      // The stock is 2, 2.5 and 3.5 MWh: 0.5 MWh too little after the second step.
      { commitment: 'soc-minima-breach', device: 'battery', cost: 2 },
    ]);
  });
});
