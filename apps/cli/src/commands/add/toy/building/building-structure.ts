import { AssetsService, type Asset, type AssetPatchFields } from '#lib/assets';
import { SensorsService, type Sensor } from '#lib/sensors';
import { HOUR_MS } from '#lib/time';
import type { Services } from '../../../../app/services';
import { ensureAsset, ensureSensor, type ToyOwner } from '../toy-structure';
import { STEP_MS } from './building-data';

export const BUILDING_NAME = 'demo-building';

/** Power of the charging point, kW. */
export const CAR_POWER_KW = 7.4;

/** Energy in the car before it leaves, kWh. */
export const CAR_TARGET_KWH = 40;

/** The sensors of the demo. */
export interface BuildingSensors {
  price: Sensor;
  consumption: Sensor;
  grid: Sensor;
  solar: Sensor;
  battery: Sensor;
  batterySoc: Sensor;
  car: Sensor;
  carSoc: Sensor;
  carAvailable: Sensor;
  carDriving: Sensor;
  carNeeded: Sensor;
}

export interface Building {
  site: Asset;
  sensors: BuildingSensors;
}

/** Prices are published in the afternoon of the day before. */
const DAY_AHEAD = {
  knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
  knowledgeHorizonPar: { x: 1, y: 13, z: 'Europe/Amsterdam' },
};

const CONSUMES = { consumption_is_positive: true };

/** Creates the building with its solar panels, battery and charging point: assets, sensors, and their flexibility. */
export async function createBuilding(services: Services, { account }: ToyOwner): Promise<Building> {
  const site = await ensureAsset(services, account, {
    type: 'building',
    name: BUILDING_NAME,
    description: 'A house with solar panels, a battery and a charging point.',
    // The demo has forecasts of its own.
    attributes: { 'forecast-after-data': false },
  });
  const part = (type: string, name: string) =>
    ensureAsset(services, account, { type, name, parentAssetId: site.id });
  const solar = await part('solar', 'demo-solar');
  const battery = await part('battery', 'demo-battery');
  const car = await part('one-way_evse', 'demo-charging-point');
  const power = (asset: Asset, name: string, attributes = {}) =>
    ensureSensor(services, asset, { name, unit: 'kW', eventResolutionMs: STEP_MS, attributes });
  const energy = (asset: Asset, name: string) =>
    ensureSensor(services, asset, { name, unit: 'kWh', eventResolutionMs: 0 });
  const sensors: BuildingSensors = {
    price: await ensureSensor(services, site, {
      name: 'electricity price',
      unit: 'EUR/kWh',
      eventResolutionMs: HOUR_MS,
      ...DAY_AHEAD,
    }),
    consumption: await power(site, 'household consumption', CONSUMES),
    grid: await power(site, 'grid power', CONSUMES),
    solar: await power(solar, 'solar power'),
    battery: await power(battery, 'battery power', CONSUMES),
    batterySoc: await energy(battery, 'battery state of charge'),
    car: await power(car, 'charging power', CONSUMES),
    carSoc: await energy(car, 'car state of charge'),
    carAvailable: await power(car, 'available power', CONSUMES),
    carDriving: await power(car, 'power of driving', CONSUMES),
    carNeeded: await energy(car, 'energy needed'),
  };
  await describeFlexibility(services, { site, sensors }, { battery, car, solar });
  return { site, sensors };
}

async function describeFlexibility(
  services: Services,
  { site, sensors }: Building,
  parts: Record<'battery' | 'car' | 'solar', Asset>,
): Promise<void> {
  const change = async ({ id }: Asset, patch: AssetPatchFields) => {
    const assets = services(AssetsService);
    await assets.update(await assets.get(id), patch);
  };
  const of = ({ id }: Sensor) => ({ sensor: id });
  const show = (title: string, ...shown: Sensor[]) => ({ title, sensors: shown.map(({ id }) => id) });
  await change(site, {
    flexContext: {
      'consumption-price': of(sensors.price),
      'production-price': '0.08 EUR/kWh',
      'site-power-capacity': '17 kW',
      'inflexible-consumption': [of(sensors.consumption)],
      'inflexible-production': [of(sensors.solar)],
      'aggregate-power': of(sensors.grid),
    },
    sensorsToShow: [
      show('Price', sensors.price),
      show('House', sensors.consumption, sensors.solar),
      show('Battery and car', sensors.battery, sensors.car),
      show('Grid', sensors.grid),
      show('State of charge', sensors.batterySoc, sensors.carSoc),
    ],
  });
  await change(parts.battery, {
    flexModel: {
      'soc-min': '1 kWh',
      'soc-max': '10 kWh',
      'power-capacity': '5 kW',
      'roundtrip-efficiency': '90%',
      'state-of-charge': of(sensors.batterySoc),
    },
    sensorsToShow: [
      show('Price', sensors.price),
      show('Power', sensors.battery),
      show('State of charge', sensors.batterySoc),
    ],
  });
  await change(parts.car, {
    flexModel: {
      consumption: of(sensors.car),
      'soc-min': '5 kWh',
      'soc-max': '50 kWh',
      'power-capacity': `${CAR_POWER_KW} kW`,
      'consumption-capacity': of(sensors.carAvailable),
      'production-capacity': '0 kW',
      'charging-efficiency': '90%',
      'state-of-charge': of(sensors.carSoc),
      'soc-minima': of(sensors.carNeeded),
      'soc-usage': [of(sensors.carDriving)],
    },
    sensorsToShow: [
      show('Price', sensors.price),
      show('Power', sensors.car, sensors.carAvailable),
      show('State of charge', sensors.carSoc, sensors.carNeeded),
    ],
  });
  await change(parts.solar, { sensorsToShow: [show('Power', sensors.solar)] });
}

/** Whether the building has data already. */
export async function hasBuilding(services: Services, { account }: ToyOwner): Promise<Asset | undefined> {
  const site = await services(AssetsService).findByName(BUILDING_NAME, account.id);
  const sensors = site ? await services(SensorsService).listByAsset(site.id) : [];
  return site && sensors.length > 0 ? site : undefined;
}
