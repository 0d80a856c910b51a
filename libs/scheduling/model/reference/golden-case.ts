import type { StorageProblem } from '../problem/storage-problem';

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

/** The case's problem, without the price slope; cases without prices get a flat one. */
export function problemOfCase(golden: GoldenCase): StorageProblem {
  const flat = new Array<number>(golden.steps).fill(50);
  const consumptionPrices = Float64Array.from(golden.consumption_price_per_MWh ?? flat);
  return {
    steps: golden.steps,
    stepHours: golden.resolution_minutes / 60,
    consumptionPrices,
    productionPrices: golden.production_price_per_MWh
      ? Float64Array.from(golden.production_price_per_MWh)
      : consumptionPrices,
    inflexiblePowerMw: sumOfSeries(golden.inflexible_net_consumption_MW ?? [], golden.steps),
    chargePowerMaxMw: golden.charge_power_max_MW ?? golden.capacity_MW ?? 0,
    dischargePowerMaxMw: golden.discharge_power_max_MW ?? golden.capacity_MW ?? 0,
    socAtStartMwh: golden.soc_at_start_MWh,
    socMinMwh: golden.soc_min_MWh,
    socMaxMwh: golden.soc_max_MWh,
    socTargets: golden.soc_targets?.map(({ step, value_MWh }) => ({ step, socMwh: value_MWh })),
    roundtripEfficiency: golden.roundtrip_efficiency ?? 1,
    siteConsumptionCapacityMw: golden.site_consumption_capacity_MW ?? undefined,
    siteProductionCapacityMw: golden.site_production_capacity_MW ?? undefined,
    preferChargingSooner: false,
  };
}

function sumOfSeries(series: readonly number[][], steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, t) => series.reduce((sum, values) => sum + values[t]!, 0));
}
