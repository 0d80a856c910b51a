import type { SiteDevice, SiteProblem } from '../problem/site-problem';
import { siteKpis } from './site-kpis';

const battery: SiteDevice = {
  kind: 'storage',
  id: 'battery',
  chargePowerMaxMw: 2,
  dischargePowerMaxMw: 2,
  socAtStartMwh: 0,
  socMinMwh: 0.5,
  socMaxMwh: 2.5,
  roundtripEfficiency: 0.64,
  preferChargingSooner: false,
};
const panels: SiteDevice = { kind: 'curtailable', id: 'pv', forecastMw: Float64Array.of(2, 2, 0, 0) };
const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(0.5, 0.5, 0.5, 1) };

const site = (devices: SiteDevice[]): SiteProblem => ({
  steps: 4,
  stepHours: 0.5,
  consumptionPrices: Float64Array.of(10, 10, 10, 10),
  productionPrices: Float64Array.of(10, 10, 10, 10),
  devices,
});

describe('siteKpis', () => {
  it('computes the figures of a site with solar panels, a load and a battery', () => {
    const powers = [[1, 0.5, -1.6, 0], [-2, -2, 0, 0], [...load.powerMw]].map((power) => Float64Array.from(power)); // prettier-ignore
    const kpis = siteKpis(site([battery, panels, load]), powers);
    // Net power: -0.5, -1, -1.1, 1 MW.
    expect(kpis.consumedMwh).toBeCloseTo(0.5, 12);
    expect(kpis.producedMwh).toBeCloseTo(1.3, 12);
    expect(kpis.peakConsumptionMw).toBe(1);
    expect(kpis.peakProductionMw).toBeCloseTo(1.1, 12);
    // The panels produced 2 MWh, of which 0.25 + 0.5 MWh left the site. Later exports came from the battery.
    expect(kpis.selfConsumption).toBeCloseTo(1 - 0.75 / 2, 12);
    expect(kpis.storages.slice(1)).toEqual([undefined, undefined]);
    // 0.75 MWh charged add 0.6 MWh of stock, 0.8 MWh discharged take 1 MWh: 1.6 MWh of twice 2 MWh.
    expect(kpis.storages[0]!.chargedMwh).toBeCloseTo(0.75, 12);
    expect(kpis.storages[0]!.dischargedMwh).toBeCloseTo(0.8, 12);
    expect(kpis.storages[0]!.fullCycles).toBeCloseTo(0.4, 12);
  });

  it('gives NaN for self-consumption without production and for cycles of an unlimited capacity', () => {
    const unlimited = { ...battery, socMaxMwh: Infinity } as SiteDevice;
    const kpis = siteKpis(site([unlimited]), [new Float64Array(4)]);
    expect(kpis).toMatchObject({
      consumedMwh: 0,
      producedMwh: 0,
      peakConsumptionMw: 0,
      selfConsumption: NaN,
    });
    expect(kpis.storages).toEqual([{ chargedMwh: 0, dischargedMwh: 0, fullCycles: NaN }]);
  });
});
