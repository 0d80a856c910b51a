import type { SiteDevice } from '..';
import { findFlexField, FLEX_FIELDS, type FlexDevice, type FlexGroup } from './fields';
import { flexError } from './flex-error';

type Fields = Record<string, unknown>;

/** The field of a flex-model that names the power sensor of the device. */
const SENSOR = 'sensor';

const NAME_OF_KIND: Record<FlexDevice, string> = {
  storage: 'a storage',
  process: 'a process',
  curtailable: 'curtailable production',
  inflexible: 'an inflexible device',
  flexible: 'a device that shares a storage, is a port of a converter or has operation modes',
  group: 'a group',
};

/**
 * Checks that all fields are known to the built-in schedulers.
 * @param path of the device, before the name of the field in errors
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function assertKnownFields(given: Fields, group: FlexGroup, path: string): void {
  for (const name of Object.keys(given)) {
    const isSensor = group === 'flex-model' && name === SENSOR;
    if (!isSensor && !findFlexField(group, name)) throw flexError(path + name, 'Unknown field.');
  }
}

/**
 * Checks that all fields of a flex-model apply to the kind of the device.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function assertFieldsOfKind(flexModel: Fields, kind: FlexDevice): void {
  for (const [name, value] of Object.entries(flexModel)) {
    if (name === SENSOR || value === undefined) continue;
    const field = findFlexField('flex-model', name);
    const devices: readonly string[] = field?.devices ?? [];
    if (field?.type === 'output-sensor') continue;
    if (!devices.includes(kind)) throw flexError(name, `does not apply to ${NAME_OF_KIND[kind]}.`);
  }
}

/** What identifies the kind of a device: the fields of its flex-model and the type of its asset. */
export interface DeviceTraits {
  flexModel: Fields;
  /** Whether devices of the type of its asset store energy. */
  isStorageType: boolean;
}

/**
 * Kind of the device that a flex-model describes: a measured device, process, storage, flexible device or curtailable
 * production if a field of the flex-model identifies it, a storage if its asset is of a type that stores energy, otherwise inflexible.
 */
export function deviceKind({ flexModel, isStorageType }: DeviceTraits): SiteDevice['kind'] {
  const kinds = new Set<FlexDevice>(isStorageType ? ['storage'] : []);
  for (const [name, { identifies }] of Object.entries(FLEX_FIELDS['flex-model']))
    if (identifies && name in flexModel) kinds.add(identifies);
  if (kinds.has('inflexible')) return 'inflexible';
  const order = ['process', 'storage', 'flexible', 'curtailable'] as const;
  return order.find((kind) => kinds.has(kind)) ?? 'inflexible';
}
