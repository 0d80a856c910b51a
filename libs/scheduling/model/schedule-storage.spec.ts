import { readFileSync } from 'node:fs';
import { HighsSolver } from '#lib/solver';
import { scheduleStorage } from './schedule-storage';
describe('x', () => {
  const cases = JSON.parse(readFileSync('/work/shared/cases/scheduling-cases.json', 'utf8'));
  it.each(cases.battery_oracles.map((c: any) => [c.id, c]))('%s', async (_id, c: any) => {
    const infl = new Float64Array(c.steps);
    for (const s of c.inflexible_net_consumption_MW) s.forEach((v: number, t: number) => (infl[t]! += v));
    const r = await scheduleStorage({
      steps: c.steps, stepHours: c.resolution_minutes / 60,
      consumptionPrices: Float64Array.from(c.consumption_price_per_MWh), productionPrices: Float64Array.from(c.production_price_per_MWh),
      inflexiblePowerMw: infl, chargePowerMaxMw: c.charge_power_max_MW, dischargePowerMaxMw: c.discharge_power_max_MW,
      socAtStartMwh: c.soc_at_start_MWh, socMinMwh: c.soc_min_MWh, socMaxMwh: c.soc_max_MWh, roundtripEfficiency: c.roundtrip_efficiency,
      socTargets: c.soc_targets.map((x: any) => ({ step: x.step, socMwh: x.value_MWh })),
      siteConsumptionCapacityMw: c.site_consumption_capacity_MW ?? undefined, siteProductionCapacityMw: c.site_production_capacity_MW ?? undefined,
      preferChargingSooner: false }, new HighsSolver());
    console.log(c.id, r.cost, c.expected_cost, r.cost - c.expected_cost, r.gap, r.method, r.warnings);
  });
});
