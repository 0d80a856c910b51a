import { buildStorageProblem } from '../reference/build-problems';
import { stepLimits } from './step-limits';

describe('stepLimits', () => {
  it('resolves numbers and series to one limit per step', () => {
    const limits = stepLimits(
      buildStorageProblem({
        consumptionPrices: [1, 1],
        chargePowerMaxMw: Float64Array.of(0.5, 0.7),
        dischargePowerMaxMw: 0.2,
        socMinMwh: Float64Array.of(0.1, 1),
      }),
    );
    expect(limits).toEqual({
      powerMin: Float64Array.of(-0.2, -0.2),
      powerMax: Float64Array.of(0.5, 0.7),
      socMin: Float64Array.of(2, 0.1, 1),
      socMax: Float64Array.of(2, 4, 4),
    });
  });

  it('turns site capacities into limits of the storage, given the inflexible power', () => {
    const { powerMin, powerMax } = stepLimits(
      buildStorageProblem({
        consumptionPrices: [1, 1, 1],
        inflexiblePowerMw: Float64Array.of(0, 1.5, -1.2),
        siteConsumptionCapacityMw: 2,
        siteProductionCapacityMw: 1,
      }),
    );
    expect(powerMax).toEqual(Float64Array.of(1, 0.5, 1));
    [-1, -1, 0.2].forEach((expected, t) => {
      expect(powerMin[t]).toBeCloseTo(expected, 12);
    });
  });

  it('case 6: leaves no power, neither less nor more, where the load is the capacity but for a rounding error', () => {
    const loadMw = 0.1 + 0.2;
    const { powerMax } = stepLimits(
      buildStorageProblem({
        consumptionPrices: [1, 1],
        inflexiblePowerMw: Float64Array.of(loadMw, 0.3 - 2e-10),
        siteConsumptionCapacityMw: 0.3,
      }),
    );
    expect(powerMax).toEqual(Float64Array.of(0, 0));
  });

  it('replaces the bounds by the target at its instant', () => {
    const { socMin, socMax } = stepLimits(
      buildStorageProblem({ consumptionPrices: [1, 1, 1], socTargets: [{ step: 2, socMwh: 4.5 }] }),
    );
    expect(socMin).toEqual(Float64Array.of(2, 0, 4.5, 0));
    expect(socMax).toEqual(Float64Array.of(2, 4, 4.5, 4));
  });

  it('gives an empty interval for targets that contradict each other', () => {
    const { socMin, socMax } = stepLimits(
      buildStorageProblem({
        consumptionPrices: [1],
        socTargets: [
          { step: 1, socMwh: 3 },
          { step: 1, socMwh: 2.5 },
        ],
      }),
    );
    expect([socMin[1], socMax[1]]).toEqual([3, 2.5]);
  });
});
