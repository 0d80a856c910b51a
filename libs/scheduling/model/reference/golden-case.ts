import type { SiteProblem } from '../site/problem/site-problem';
import { siteWithStorage } from './build-problems';

/** A case of the golden files, as stored: prices in currency/MWh, powers in MW, consumption positive. */
export interface GoldenCase {
  id: string;
  steps: number;
  resolution_minutes: number;
  price_source?: string;
  consumption_price_per_MWh?: number[];
  production_price_per_MWh?: number[];
  capacity_MW?: number;
  charge_power_max_MW?: number;
  discharge_power_max_MW?: number;
  soc_at_start_MWh: number;
  soc_min_MWh: number;
  soc_max_MWh: number;
  roundtrip_efficiency?: number;
  /** One series per inflexible device. */
  inflexible_net_consumption_MW?: number[][];
  soc_targets?: { step: number; value_MWh: number }[];
  site_consumption_capacity_MW?: number | null;
  site_production_capacity_MW?: number | null;
  expected_cost?: number;
  expected_cost_lp_relaxation?: number | null;
  expected_soc_after_hours?: Record<string, number>;
  expected_gap_to_target_MWh?: number;
  infeasible?: boolean;
}

/** The site of a case, with one storage and a load. Cases without prices get a constant one. */
export function problemOfCase(golden: GoldenCase, { preferChargingSooner = false } = {}): SiteProblem {
  const constant = new Array<number>(golden.steps).fill(50);
  const consumptionPrices = Float64Array.from(golden.consumption_price_per_MWh ?? constant);
  return siteWithStorage({
    steps: golden.steps,
    stepHours: golden.resolution_minutes / 60,
    consumptionPrices,
    productionPrices: golden.production_price_per_MWh
      ? Float64Array.from(golden.production_price_per_MWh)
      : consumptionPrices,
    inflexiblePowerMw: inflexiblePower(golden),
    chargePowerMaxMw: golden.charge_power_max_MW ?? golden.capacity_MW ?? 0,
    dischargePowerMaxMw: golden.discharge_power_max_MW ?? golden.capacity_MW ?? 0,
    socAtStartMwh: golden.soc_at_start_MWh,
    socMinMwh: golden.soc_min_MWh,
    socMaxMwh: golden.soc_max_MWh,
    socTargets: golden.soc_targets?.map(({ step, value_MWh }) => ({ step, socMwh: value_MWh })),
    roundtripEfficiency: golden.roundtrip_efficiency ?? 1,
    siteConsumptionCapacityMw: golden.site_consumption_capacity_MW ?? undefined,
    siteProductionCapacityMw: golden.site_production_capacity_MW ?? undefined,
    preferChargingSooner,
  });
}

/** MW per step: the sum of the inflexible devices of a case. */
export function inflexiblePower({
  steps,
  inflexible_net_consumption_MW: series = [],
}: GoldenCase): Float64Array {
  return Float64Array.from({ length: steps }, (_, t) => series.reduce((sum, values) => sum + values[t]!, 0));
}
