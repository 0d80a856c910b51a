import type { AssetReference } from '#lib/assets';
import { isRecord, parseSensorId } from '../model/flex/values/variable-quantity';

/** Finds references to assets, `{"asset": 5}`, in a stored flex-model or flex-context, at any depth. */
export function findAssetReferences(value: unknown, path = ''): AssetReference[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = isRecord(value) ? parseSensorId(value['asset']) : undefined;
  return [
    ...(own === undefined ? [] : [{ id: own, field: `${path}asset` }]),
    ...Object.entries(value).flatMap(([name, part]) => findAssetReferences(part, `${path}${name}.`)),
  ];
}
