import type { Capacity, SharedStock, Stock, StorageDevice } from '../..';
import type { FlexFieldOfType } from '../fields';
import { flexError } from '../flex-error';
import { forbiddenDirections } from '../sign';
import { isRecord, parseVariableQuantity } from '../values/variable-quantity';
import type { BreachPrices } from './context/breach-price-reader';
import type { FlexReader } from './flex-reader';
import { readModes } from './modes-reader';
import { readSoc } from './soc-reader';

type ModelReader = FlexReader<'flex-model'>;
type VariableField = FlexFieldOfType<'flex-model', 'variable-quantity'>;

/** What is known of a storage besides its flex-model and attributes. */
interface StorageTraits {
  id: string;
  /** Unit of states of charge without one, if there is no `soc-unit`; MWh if not given. */
  socUnit?: string;
  /** Whether it can only charge, whatever capacities and prices say. */
  neverProduces?: boolean;
}

/**
 * Reads a storage from its flex-model and attributes.
 * @throws DomainError naming the field
 */
export async function readStorage(
  { id, socUnit = 'MWh', neverProduces = false }: StorageTraits,
  reader: ModelReader,
  breachPrices: BreachPrices,
): Promise<StorageDevice> {
  const stock = await readStock(reader, socUnit, breachPrices);
  return {
    kind: 'storage',
    id,
    ...(await readPowerLimits(reader, breachPrices, neverProduces)),
    ...stock,
    roundtripEfficiency: reader.fixed('roundtrip-efficiency') ?? 1,
    chargingEfficiency: await readEfficiency(reader, 'charging-efficiency'),
    dischargingEfficiency: await readEfficiency(reader, 'discharging-efficiency'),
    modes: readModes(reader),
    preferChargingSooner: reader.flag('prefer-charging-sooner'),
  };
}

/**
 * Reads a storage that several devices change, from the fields of the storage.
 * @throws DomainError naming the field
 */
export async function readSharedStock(
  { id, socUnit = 'MWh' }: Pick<StorageTraits, 'id' | 'socUnit'>,
  reader: ModelReader,
  breachPrices: BreachPrices,
): Promise<SharedStock> {
  return { id, ...(await readStock(reader, socUnit, breachPrices)) };
}

/** The stock of a storage: states of charge, losses over time, usage and gain. */
async function readStock(reader: ModelReader, socUnit: string, breachPrices: BreachPrices): Promise<Stock> {
  const { socMinimaMwh, socMaximaMwh, ...soc } = await readSoc(reader, socUnit);
  return {
    ...soc,
    ...(socMinimaMwh ? { socMinima: { mwh: socMinimaMwh, breach: breachPrices.socMinima } } : {}),
    ...(socMaximaMwh ? { socMaxima: { mwh: socMaximaMwh, breach: breachPrices.socMaxima } } : {}),
    storageEfficiency: await readEfficiency(reader, 'storage-efficiency'),
    stockInflowMw: await readInflow(reader),
  };
}

/** Limits of charging and discharging, from capacities and from the type and attributes that forbid a direction. */
async function readPowerLimits(reader: ModelReader, breachPrices: BreachPrices, neverProduces: boolean) {
  const powerMw = await reader.series('power-capacity');
  const consumption = await readCapacity(reader, 'consumption-capacity', powerMw);
  const production = await readCapacity(reader, 'production-capacity', powerMw);
  const unknown = powerMw?.findIndex(Number.isNaN) ?? -1;
  if (unknown >= 0 && !reader.isUnread('power-capacity'))
    throw flexError('power-capacity', `not known in step ${unknown}.`);
  if (!powerMw && (!consumption || !production)) {
    const message =
      'needed, because neither the sensor nor its asset has an attribute capacity_in_mw that is not negative.';
    throw flexError('power-capacity', message);
  }
  const forbidden = forbiddenDirections(reader.attributes);
  // A direction that has no capacity at any time is one that the device does not have.
  const capacity = (mw: Float64Array | undefined, breach: Capacity['breach']) =>
    mw && { mw, breach: powerMw && mw.some((one) => one !== 0) ? breach : undefined };
  return {
    chargePowerMaxMw: forbidden.consumption ? 0 : (powerMw ?? consumption!),
    dischargePowerMaxMw: forbidden.production || neverProduces ? 0 : (powerMw ?? production!),
    consumptionCapacity: capacity(consumption, breachPrices.consumption),
    productionCapacity: capacity(production, breachPrices.production),
  };
}

/**
 * Capacity of one direction, in MW per step. Where it is unknown, the power capacity holds.
 * @param otherwise MW that hold where both are unknown; refused if not given
 */
export async function readCapacity(
  reader: ModelReader,
  name: VariableField,
  powerMw: Float64Array | undefined,
  otherwise?: number,
) {
  const shareOf = reader.isUnread('power-capacity') ? null : powerMw;
  const known = await reader.series(name, { shareOf });
  const missing = known?.findIndex((mw) => Number.isNaN(mw) && !powerMw) ?? -1;
  if (missing >= 0 && otherwise === undefined && !reader.isUnread(name))
    throw flexError(name, `unknown in step ${missing}, and there is no power-capacity.`);
  return known?.map((mw, t) => (Number.isNaN(mw) ? (powerMw?.[t] ?? otherwise ?? NaN) : mw));
}

/** A share per step; 1 where it is unknown. */
export async function readEfficiency(
  reader: ModelReader,
  name: VariableField,
): Promise<Float64Array | undefined> {
  const known = await reader.series(name);
  return known?.map((share) => (Number.isNaN(share) ? 1 : share));
}

const INFLOWS = [
  ['soc-gain', 1],
  ['soc-usage', -1],
] as const;

/**
 * Power into the stock behind the meter, in MW per step: the sum of `soc-gain` minus that of `soc-usage`. It is 0
 * outside the intervals of a series; unknown values of a sensor count as 0, with a warning.
 */
export async function readInflow(reader: ModelReader): Promise<Float64Array | undefined> {
  const { sources } = reader;
  let inflowMw: Float64Array | undefined;
  for (const [name, sign] of INFLOWS) {
    for (const { path, value } of partsOfSum(reader.raw(name), name)) {
      const quantity = parseVariableQuantity(value, path, sources.window.timezone);
      const powerMw = await reader.seriesOf(quantity, path, reader.unitOf(name));
      if (quantity.kind === 'sensor' && powerMw.some(Number.isNaN))
        sources.warn(`${path} is not known throughout: 0 was assumed.`);
      const sum = (inflowMw ??= new Float64Array(powerMw.length));
      powerMw.forEach((mw, t) => (sum[t]! += Number.isNaN(mw) ? 0 : sign * mw));
    }
  }
  return inflowMw;
}

/** The quantities of a sum: the entries of a list, unless these are the entries of one series. */
function partsOfSum(value: unknown, name: string): { path: string; value: unknown }[] {
  if (value === undefined) return [];
  const isSeries = Array.isArray(value) && value.some((part) => isRecord(part) && !('sensor' in part));
  if (!Array.isArray(value) || isSeries) return [{ path: name, value }];
  return value.map((part: unknown, i) => ({ path: `${name}.${i}`, value: part }));
}
