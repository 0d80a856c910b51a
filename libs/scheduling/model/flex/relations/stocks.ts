import { flexError } from '../flex-error';
import { parseSensorId, isRecord } from '../values/variable-quantity';

type Fields = Record<string, unknown>;

/** An entry of a flex-model that can name the sensor of a state of charge. */
export interface StockEntry {
  path: string;
  flexModel: Fields;
  /** Whether it has no power sensor, so that it is only about the storage. */
  isStockOnly?: boolean;
}

/** Fields of the storage itself, not of the devices that change it. */
const isStockField = (name: string): boolean =>
  name === 'state-of-charge' || name.startsWith('soc-') || name === 'storage-efficiency';

/** The sensor of a state of charge that an entry names; undefined if it names none. */
export function stockSensorOf({ flexModel }: StockEntry): number | undefined {
  const value = flexModel['state-of-charge'];
  return isRecord(value) ? parseSensorId(value['sensor']) : undefined;
}

/** The id of a storage that several devices change in optimisation problems. */
export const stockIdOf = (sensorId: number): string => `state of charge ${sensorId}`;

/** Several entries that are about the same storage. */
export interface SharedStockEntries<Entry> {
  sensorId: number;
  /** The entry with the fields of the storage. */
  owner: Entry;
  /** Entries of the devices that change it. */
  devices: Entry[];
  /** The fields of the storage. */
  flexModel: Fields;
}

/**
 * Finds the storages that several devices change: those whose entries name the same sensor of a state of charge, and those with
 * an entry of their own.
 * @throws DomainError FLEX_MODEL_INVALID for a field of the storage in two entries
 */
export function findSharedStocks<Entry extends StockEntry>(
  entries: readonly Entry[],
): SharedStockEntries<Entry>[] {
  const bySensor = new Map<number, Entry[]>();
  for (const entry of entries) {
    const id = stockSensorOf(entry);
    if (id !== undefined) bySensor.set(id, [...(bySensor.get(id) ?? []), entry]);
  }
  return [...bySensor].flatMap(([sensorId, own]) => {
    const only = own.find(({ isStockOnly }) => isStockOnly);
    if (own.length === 1 && !only) return [];
    const { flexModel, owner } = joinedFields(own, only);
    return [{ sensorId, owner, flexModel, devices: own.filter(({ isStockOnly }) => !isStockOnly) }];
  });
}

function joinedFields<Entry extends StockEntry>(entries: readonly Entry[], only: Entry | undefined) {
  const flexModel: Fields = {};
  const origins = new Map<string, Entry>();
  for (const entry of entries) {
    for (const [name, value] of Object.entries(entry.flexModel)) {
      if (value === undefined || !isStockField(name)) continue;
      if (name !== 'state-of-charge' && origins.has(name))
        throw flexError(
          entry.path + name,
          'another entry with the same state-of-charge sensor has this field already.',
        );
      flexModel[name] = value;
      origins.set(name, entry);
    }
  }
  const owner = only ?? origins.get('soc-max') ?? origins.get('soc-at-start') ?? entries[0]!;
  return { flexModel, owner };
}

/** The fields of an entry that are about its device, not about the storage that it shares. */
export const withoutStockFields = (flexModel: Fields): Fields =>
  Object.fromEntries(Object.entries(flexModel).filter(([name]) => !isStockField(name)));
