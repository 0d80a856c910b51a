import type { SiteProblem, StorageDevice } from '#lib/scheduling/model';
import type { Figure } from '../figures';
import { measureSite } from './measure-site';
import { addRatioNote } from './scheduling';

/** Measures schedules of sites after warm-up: many batteries behind one connection, and one for a year. */
export async function benchSites(): Promise<Figure[]> {
  const scenarios: [string, SiteProblem, number][] = [
    ['20 batteries, 24 h at 15 min', aSite({ count: 20, steps: 96, stepHours: 0.25, level: 90 }), 5],
    ['20 batteries, 24 h, negative hours', aSite({ count: 20, steps: 96, stepHours: 0.25, level: 10 }), 3],
    ['3 batteries, 7 d at 1 h', aSite({ count: 3, steps: 168, stepHours: 1, level: 90 }), 5],
    ['3 batteries, 7 d at 5 min', aSite({ count: 3, steps: 2016, stepHours: 1 / 12, level: 90 }), 3],
    ['1 battery, 1 y at 15 min', aSite({ count: 1, steps: 35_040, stepHours: 0.25, level: 90 }), 1],
  ];
  const figures: Figure[] = [];
  for (const [name, problem, runs] of scenarios) figures.push(await measureSite(name, problem, runs));
  addRatioNote(figures, '7 d at 5 min', '7 d at 1 h');
  return figures;
}

interface Size {
  count: number;
  steps: number;
  stepHours: number;
  /** Mean price in EUR/MWh; prices vary by about 60 around it. */
  level: number;
}

/** Batteries of different sizes and a load, with a production price below the consumption price and a capacity. */
function aSite({ count, steps, stepHours, level }: Size): SiteProblem {
  const prices = Float64Array.from({ length: steps }, (_, t) => {
    const hour = Math.floor(t * stepHours + 1e-9);
    return (
      Math.round((level + 45 * Math.cos((hour / 24) * 2 * Math.PI) + 20 * Math.sin(hour * 1.7)) * 100) / 100
    );
  });
  const powerMw = Float64Array.from(
    { length: steps },
    (_, t) => 0.05 * count + 0.025 * count * Math.sin((t * stepHours) / 2.25),
  );
  const devices = Array.from({ length: count }, (_, i): StorageDevice => ({
    kind: 'storage',
    id: `battery ${i}`,
    chargePowerMaxMw: 0.1 + 0.02 * i,
    dischargePowerMaxMw: 0.1 + 0.015 * i,
    socAtStartMwh: 0.1 + 0.01 * i,
    socMinMwh: 0.02,
    socMaxMwh: 0.4 + 0.05 * i,
    roundtripEfficiency: 0.81 + 0.005 * i,
    preferChargingSooner: true,
  }));
  return {
    steps,
    stepHours,
    consumptionPrices: prices,
    productionPrices: prices.map((price) => price - 10),
    consumptionCapacity: { mw: 0.15 * count },
    productionCapacity: { mw: 0.15 * count },
    devices: [...devices, { kind: 'inflexible', id: 'load', powerMw }],
  };
}
