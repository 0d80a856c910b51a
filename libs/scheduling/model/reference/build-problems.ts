import type { Series } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';
import type { SiteProblem, StorageDevice } from '../site/problem/site-problem';
import { storageBehindConnection } from '../site/problem/storage-view';

type Given = Partial<Omit<StorageProblem, 'consumptionPrices' | 'productionPrices'>> & {
  consumptionPrices: readonly number[];
  /** The consumption prices if undefined. */
  productionPrices?: readonly number[];
};

/** By default a lossless battery of 1 MW and 0 to 4 MWh that starts at 2 MWh, with hourly steps and no price slope. */
export function buildStorageProblem({
  consumptionPrices,
  productionPrices,
  ...given
}: Given): StorageProblem {
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

/** The site of a storage problem: two devices, `storage` and the inflexible `load`. */
export function siteWithStorage({
  steps,
  stepHours,
  consumptionPrices,
  productionPrices,
  inflexiblePowerMw = new Float64Array(steps),
  siteConsumptionCapacityMw,
  siteProductionCapacityMw,
  ...storage
}: StorageProblem): SiteProblem {
  const capacity = (mw: Series | undefined) => (mw === undefined ? undefined : { mw });
  return {
    steps,
    stepHours,
    consumptionPrices,
    productionPrices,
    consumptionCapacity: capacity(siteConsumptionCapacityMw),
    productionCapacity: capacity(siteProductionCapacityMw),
    devices: [
      { ...storage, kind: 'storage', id: 'storage' },
      { kind: 'inflexible', id: 'load', powerMw: inflexiblePowerMw },
    ],
  };
}

/** The storage of a site with one storage and one inflexible device: the inverse of siteWithStorage. */
export function storageOfSite(site: SiteProblem): { device: StorageDevice; storage: StorageProblem } {
  const [device, load] = site.devices;
  if (device?.kind !== 'storage' || load?.kind !== 'inflexible') throw new Error('Not a storage and a load.');
  return { device, storage: storageBehindConnection(site, device, load.powerMw) };
}
