import { aProblem } from '../reference/a-problem';
import { stepLimits } from './step-limits';

describe('stepLimits', () => {
  test('resolves numbers and series per step', () => {
    const limits = stepLimits(
      aProblem({
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

  test('site capacities bound the device together with the inflexible power', () => {
    const { powerMin, powerMax } = stepLimits(
      aProblem({
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

  test('a target takes the place of the bounds at its instant', () => {
    const { socMin, socMax } = stepLimits(
      aProblem({ consumptionPrices: [1, 1, 1], socTargets: [{ step: 2, socMwh: 4.5 }] }),
    );
    expect(socMin).toEqual(Float64Array.of(2, 0, 4.5, 0));
    expect(socMax).toEqual(Float64Array.of(2, 4, 4.5, 4));
  });

  test('targets that contradict each other leave nothing between them', () => {
    const { socMin, socMax } = stepLimits(
      aProblem({
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
