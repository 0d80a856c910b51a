import { coarseProblem } from './coarse-problem';
import type { SiteProblem } from '../site-problem';

/** Five steps of 15 minutes, of which the last one is alone in the longer steps. */
const problem: SiteProblem = {
  ...{ steps: 5, stepHours: 0.25 },
  consumptionPrices: Float64Array.of(10, 30, 40, 60, 7),
  productionPrices: Float64Array.of(1, 3, 4, 6, 7),
  consumptionCapacity: { mw: Float64Array.of(1, 3, 5, 5, 2), breach: { perHour: 8 } },
  devices: [
    {
      ...{ kind: 'storage', id: 'battery', chargePowerMaxMw: 2, dischargePowerMaxMw: 2, roundtripEfficiency: 0.9 },
      ...{ socAtStartMwh: 1, socMinMwh: 0, socMaxMwh: Float64Array.of(9, 8, 7, 6, 5), preferChargingSooner: true },
      storageEfficiency: 0.9,
      stockInflowMw: Float64Array.of(1, 2, 3, 4, 5),
      socMinima: { mwh: Float64Array.of(3, NaN, NaN, NaN, 4) },
      socTargets: [{ step: 3, socMwh: 6 }],
    },
    {
      ...{ kind: 'process', id: 'washer', type: 'BREAKABLE', powerMw: 1, durationSteps: 3, preferRunningSooner: true },
      forbidden: Uint8Array.of(1, 1, 0, 1, 0),
    },
  ],
  commitments: [
    {
      name: 'position',
      baselineMw: Float64Array.of(NaN, NaN, NaN, 4, 5),
      upPrices: Float64Array.of(1, 1, 2, 4, 5),
      downPrices: new Float64Array(5),
    },
  ],
}; // prettier-ignore

describe('coarseProblem', () => {
  const coarse = coarseProblem(problem, 2);

  it('takes means of prices, powers and limits of power', () => {
    expect(coarse).toMatchObject({
      ...{ steps: 3, stepHours: 0.5 },
      consumptionPrices: Float64Array.of(20, 50, 7),
      consumptionCapacity: { mw: Float64Array.of(2, 5, 2), breach: { perHour: 8 } },
      devices: [{ stockInflowMw: Float64Array.of(1.5, 3.5, 5) }, {}],
    });
  });

  it('limits stocks at the end of the longer steps, by the last limit that is known', () => {
    const [battery] = coarse.devices;
    expect(battery).toMatchObject({
      socMaxMwh: Float64Array.of(8, 6, 5),
      socMinima: { mwh: Float64Array.of(3, NaN, 4) },
      socTargets: [{ step: 2, socMwh: 6 }],
    });
    expect(battery).toHaveProperty('storageEfficiency', expect.closeTo(0.81, 12));
  });

  it('shortens processes, and forbids steps of which every part is forbidden', () => {
    expect(coarse.devices[1]).toMatchObject({ durationSteps: 1.5, forbidden: Uint8Array.of(1, 0, 0) });
  });

  it('takes means of the baselines that are known', () => {
    expect(coarse.commitments).toMatchObject([
      { baselineMw: Float64Array.of(NaN, 4, 5), upPrices: Float64Array.of(1, 3, 5) },
    ]);
  });
});
