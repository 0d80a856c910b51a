import type { StorageProblem } from '../problem/storage-problem';

type Given = Partial<Omit<StorageProblem, 'consumptionPrices' | 'productionPrices'>> & {
  consumptionPrices: readonly number[];
  /** The consumption prices when left out. */
  productionPrices?: readonly number[];
};

/** A lossless battery of 1 MW and 0 to 4 MWh that starts at 2 MWh, with hourly steps and no slope, unless said. */
export function aProblem({ consumptionPrices, productionPrices, ...given }: Given): StorageProblem {
  return {
    steps: consumptionPrices.length,
    stepHours: 1,
    consumptionPrices: Float64Array.from(consumptionPrices),
    productionPrices: Float64Array.from(productionPrices ?? consumptionPrices),
    chargePowerMaxMw: 1,
    dischargePowerMaxMw: 1,
    socAtStartMwh: 2,
    socMinMwh: 0,
    socMaxMwh: 4,
    roundtripEfficiency: 1,
    preferChargingSooner: false,
    ...given,
  };
}
