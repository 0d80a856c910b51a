import { DomainError } from '#lib/errors';
import type { SiteDevice } from '..';
import { flexError } from './flex-error';

/** Fields of flex-models that built-in schedulers know. */
export const FLEX_MODEL_FIELDS = [
  'soc-at-start',
  'soc-unit',
  'soc-min',
  'soc-max',
  'soc-targets',
  'soc-minima',
  'soc-maxima',
  'soc-usage',
  'soc-gain',
  'roundtrip-efficiency',
  'charging-efficiency',
  'discharging-efficiency',
  'storage-efficiency',
  'power-capacity',
  'consumption-capacity',
  'production-capacity',
  'prefer-charging-sooner',
  'process-type',
  'power',
  'duration',
  'time-restrictions',
] as const;

/** Fields of a flex-context that built-in schedulers know. */
export const FLEX_CONTEXT_FIELDS = [
  'consumption-price',
  'production-price',
  'consumption-price-sensor',
  'production-price-sensor',
  'inflexible-device-sensors',
  'site-power-capacity',
  'site-consumption-capacity',
  'site-production-capacity',
  'site-consumption-breach-price',
  'site-production-breach-price',
  'site-peak-consumption',
  'site-peak-production',
  'site-peak-consumption-price',
  'site-peak-production-price',
  'consumption-breach-price',
  'production-breach-price',
  'soc-minima-breach-price',
  'soc-maxima-breach-price',
] as const;

/** Fields that name sensors by their ids; all others do it as `{"sensor": 5}`. */
export const ID_FIELDS = [
  'consumption-price-sensor',
  'production-price-sensor',
  'inflexible-device-sensors',
] as const satisfies readonly (typeof FLEX_CONTEXT_FIELDS)[number][];

/** Names by which attributes have been called that do not carry the name of the field. */
export const OLD_ATTRIBUTES: Readonly<Record<string, string>> = {
  'soc-min': 'min_soc_in_mwh',
  'soc-max': 'max_soc_in_mwh',
  'power-capacity': 'capacity_in_mw',
  'site-power-capacity': 'capacity_in_mw',
  'consumption-price-sensor': 'market_id',
};

/** Fields of flex-models that say something about one kind of device only. */
const fieldsOfKind: Record<SiteDevice['kind'], (field: string) => boolean> = {
  storage: (field) => !processFields.includes(field),
  process: (field) => processFields.includes(field),
  curtailable: (field) => ['production-capacity', 'consumption-capacity'].includes(field),
  inflexible: () => false,
};

const processFields = ['process-type', 'power', 'duration', 'time-restrictions'];

const nameOfKind: Record<SiteDevice['kind'], string> = {
  storage: 'a storage',
  process: 'a process',
  curtailable: 'production that can be turned down',
  inflexible: 'a device about which nothing else is said',
};

/**
 * Refuses fields that say nothing about a device of the kind.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function checkKind(words: Record<string, unknown>, kind: SiteDevice['kind']): void {
  for (const [field, value] of Object.entries(words)) {
    if (field === 'sensor' || value === undefined || fieldsOfKind[kind](field)) continue;
    throw flexError(field, `means nothing for ${nameOfKind[kind]}.`);
  }
}

const known = {
  'flex-model': new Set<string>(['sensor', ...FLEX_MODEL_FIELDS]),
  'flex-context': new Set<string>(FLEX_CONTEXT_FIELDS),
};

/**
 * Refuses fields that nobody would look at.
 * @param path that stands before the names of fields in errors
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function checkWords(words: Record<string, unknown>, group: keyof typeof known, path: string): void {
  for (const field of Object.keys(words)) {
    if (!known[group].has(field)) throw flexError(path + field, 'Unknown field.');
  }
}

/** Ids of the sensors that a flex-context calls inflexible. @throws DomainError FLEX_MODEL_INVALID */
export function inflexibleSensors(flexContext: Record<string, unknown>): number[] {
  const ids = flexContext['inflexible-device-sensors'] ?? [];
  if (Array.isArray(ids) && ids.every((id): id is number => Number.isInteger(id))) return ids;
  throw flexError('inflexible-device-sensors', 'a list of sensor ids is needed.');
}

/** Puts the path of a device before the field that an error names. */
export function underPath(error: unknown, path: string): unknown {
  if (path === '' || !(error instanceof DomainError) || error.field === undefined) return error;
  const { code, field, message } = error;
  return new DomainError(code, message.startsWith(`${field}: `) ? path + message : message, path + field);
}
