import type { ProcessDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { unmanagedPowers } from './unmanaged-powers';

const STEPS = 4;

const storage = (change: Partial<StorageDevice>): StorageDevice => ({
  kind: 'storage',
  id: 'car',
  socAtStartMwh: 1,
  socMinMwh: 0,
  socMaxMwh: 10,
  roundtripEfficiency: 1,
  chargePowerMaxMw: 2,
  dischargePowerMaxMw: 2,
  preferChargingSooner: true,
  ...change,
});

const siteOf = (...devices: SiteProblem['devices']): SiteProblem => ({
  steps: STEPS,
  stepHours: 1,
  consumptionPrices: new Float64Array(STEPS).fill(10),
  productionPrices: new Float64Array(STEPS).fill(5),
  devices,
});

const powerOf = (change: Partial<StorageDevice>): number[] => [
  ...unmanagedPowers(siteOf(storage(change)))![0]!,
];

describe('unmanagedPowers', () => {
  it('charges a storage at full power until its highest target is reached', () => {
    expect(powerOf({ socTargets: [{ step: 4, socMwh: 4 }] })).toEqual([2, 1, 0, 0]);
  });

  it('leaves a storage without requirements idle', () => {
    expect(powerOf({})).toEqual([0, 0, 0, 0]);
  });

  it('keeps the minimum of a storage that is used', () => {
    const stockInflowMw = new Float64Array(STEPS).fill(-1);
    expect(powerOf({ socMinMwh: 1, stockInflowMw })).toEqual([1, 1, 1, 1]);
  });

  it('charges no more than a capacity and the largest state of charge allow', () => {
    const consumptionCapacity = { mw: 0.5 };
    expect(powerOf({ consumptionCapacity, socTargets: [{ step: 4, socMwh: 9 }] })).toEqual([
      0.5, 0.5, 0.5, 0.5,
    ]);
    expect(powerOf({ socMaxMwh: 2, socTargets: [{ step: 4, socMwh: 9 }] })).toEqual([1, 0, 0, 0]);
  });

  it('runs processes as early as possible, and curtails nothing', () => {
    const process: ProcessDevice = {
      ...{ kind: 'process', id: 'washing', type: 'SHIFTABLE', powerMw: 3, durationSteps: 2 },
      forbidden: Uint8Array.of(1, 0, 0, 0),
      preferRunningSooner: true,
    };
    const sun = { kind: 'curtailable' as const, id: 'sun', forecastMw: Float64Array.of(0, 4, 5, 0) };
    expect(unmanagedPowers(siteOf(process, sun))!.map((power) => [...power])).toEqual([
      [0, 3, 3, 0],
      [0, -4, -5, 0],
    ]);
  });

  it('does not know what devices do that need others', () => {
    const port = {
      ...{ kind: 'flexible' as const, id: 'port', consumptionMaxMw: 1, productionMaxMw: 0 },
      preferRunningSooner: true,
    };
    expect(unmanagedPowers(siteOf(port))).toBeUndefined();
  });
});
