import type { ProcessDevice, SiteDevice, SiteProblem, StorageDevice } from '#lib/scheduling/model';

/** 48 h and 24 h in steps of 15 min. */
const HOME_STEPS = 192;
const COMMUNITY_STEPS = 96;
const STEP_HOURS = 0.25;

/**
 * A home: battery, two vehicles, heat pump with buffer, curtailable solar production and a load, with a site limit and a
 * price of the peak.
 *
 * @param withIntegers whether the heat pump has operation modes, and a process has to run
 */
export function aHome(withIntegers: boolean): SiteProblem {
  const steps = HOME_STEPS;
  const devices: SiteDevice[] = [
    storage('battery', { kw: 5, kwh: 10, atStart: 3, efficiency: 0.9, least: 1 }),
    {
      ...storage('two-way vehicle', { kw: 11, kwh: 60, atStart: 20, efficiency: 0.88, least: 10 }),
      socMinima: minimumAt(steps, 31, 50),
    },
    {
      ...storage('one-way vehicle', { kw: 7.4, kwh: 50, atStart: 15, efficiency: 1 }),
      dischargePowerMaxMw: 0,
      socMinima: minimumAt(steps, 32, 40),
    },
    { ...heatPump('heat pump', steps, 1.5), modes: withIntegers ? heatPumpModes : undefined },
    { kind: 'curtailable', id: 'solar', forecastMw: solarMw(steps, 4) },
    { kind: 'inflexible', id: 'load', powerMw: loadMw(steps, 1) },
  ];
  if (withIntegers) devices.push(breakable);
  const limit = { mw: 0.017 };
  return {
    ...connection(steps),
    devices,
    consumptionCapacity: limit,
    productionCapacity: limit,
    consumptionPeak: { previousMw: 0.005, pricePerMw: 500 },
  };
}

/** Homes with a battery, a vehicle and a heat pump each, solar production and a load, behind one feeder. */
export function aCommunity(homes: number): SiteProblem {
  const steps = COMMUNITY_STEPS;
  const devices = Array.from({ length: homes }, (_, n) => devicesOfHome(steps, n)).flat();
  const limit = { mw: 0.003 * homes };
  const feeder = { id: 'feeder', members: devices.map(({ id }) => id) };
  return {
    ...connection(steps),
    devices,
    groups: [{ ...feeder, consumptionCapacity: limit, productionCapacity: limit }],
  };
}

function devicesOfHome(steps: number, n: number): SiteDevice[] {
  const battery = {
    kw: 3 + (n % 4),
    kwh: 6 + (n % 7),
    atStart: 2 + (n % 3),
    efficiency: 0.86 + 0.01 * (n % 6),
  };
  const vehicle = { kw: n % 3 ? 7.4 : 11, kwh: 40 + 5 * (n % 5), atStart: 10 + (n % 9), efficiency: 0.9 };
  return [
    storage(`battery ${n}`, battery),
    {
      ...storage(`vehicle ${n}`, vehicle),
      dischargePowerMaxMw: n % 2 ? 0 : 0.0074,
      socMinima: minimumAt(steps, 7 + (n % 5) * 0.75, 30),
    },
    heatPump(`heat pump ${n}`, steps, 1 + 0.1 * (n % 10)),
    { kind: 'inflexible', id: `load ${n}`, powerMw: loadMw(steps, n) },
    { kind: 'inflexible', id: `solar ${n}`, powerMw: solarMw(steps, n % 4).map((mw) => -mw) },
  ];
}

/** Prices (EUR/MWh) and the length of the window. */
function connection(steps: number) {
  const noise = noiseOf(7);
  const hourOf = (t: number) => (t * STEP_HOURS) % 24;
  const consumptionPrices = Float64Array.from({ length: steps }, (_, t) =>
    Math.round(260 - 120 * Math.cos(((hourOf(t) - 1.5) / 24) * 2 * Math.PI) + 20 * noise()),
  );
  return {
    ...{ steps, stepHours: STEP_HOURS, consumptionPrices },
    productionPrices: new Float64Array(steps).fill(60),
  };
}

interface Size {
  kw: number;
  kwh: number;
  atStart: number;
  efficiency: number;
  least?: number;
}

const storage = (id: string, { kw, kwh, atStart, efficiency, least = 0 }: Size): StorageDevice => ({
  ...{ kind: 'storage', id, preferChargingSooner: true, roundtripEfficiency: efficiency },
  ...{ chargePowerMaxMw: kw / 1000, dischargePowerMaxMw: kw / 1000 },
  ...{ socAtStartMwh: atStart / 1000, socMinMwh: least / 1000, socMaxMwh: kwh / 1000 },
});

/** A heat pump with a buffer of 12 kWh, from which heat is used. */
const heatPump = (id: string, steps: number, usageKw: number): StorageDevice => ({
  ...storage(id, { kw: 3, kwh: 12, atStart: 4, efficiency: 1 }),
  ...{ dischargePowerMaxMw: 0, chargingEfficiency: 3, storageEfficiency: 0.995 },
  stockInflowMw: new Float64Array(steps).fill(-usageKw / 1000),
});

/** Off, or 1 to 3 kW. */
const heatPumpModes = [
  { lowestMw: 0, highestMw: 0 },
  { lowestMw: 0.001, highestMw: 0.003 },
];

/** 2 kW for 3 h in all. */
const breakable: ProcessDevice = {
  ...{ kind: 'process', id: 'pool pump', type: 'BREAKABLE', powerMw: 0.002, durationSteps: 12 },
  preferRunningSooner: true,
};

const minimumAt = (steps: number, hour: number, kwh: number) => ({
  mwh: Float64Array.from({ length: steps }, (_, t) => (t + 1 === hour / STEP_HOURS ? kwh / 1000 : NaN)),
});

/** MW that a solar plant produces, from 8 to 16 h. */
const solarMw = (steps: number, peakKw: number): Float64Array =>
  Float64Array.from({ length: steps }, (_, t) => {
    const hour = (t * STEP_HOURS) % 24;
    return hour > 8 && hour < 16 ? (peakKw / 1000) * Math.sin(((hour - 8) / 8) * Math.PI) : 0;
  });

/** MW of a home, more from 17:30 to 21 h. */
function loadMw(steps: number, seed: number): Float64Array {
  const noise = noiseOf(seed);
  return Float64Array.from({ length: steps }, (_, t) => {
    const hour = (t * STEP_HOURS) % 24;
    return (hour >= 17.5 && hour < 21 ? 1.6 : 0.4) / 1000 + 0.0003 * noise();
  });
}

/** Reproducible numbers from 0 to 1. */
function noiseOf(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
