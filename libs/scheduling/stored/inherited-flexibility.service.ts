import { Injectable } from '@nestjs/common';
import { AssetTree, type AssetFlexibility } from '#lib/assets';
import { FLEX_FIELDS, type FlexGroup } from '../model/flex/fields';
import { findField } from '../model/flex/find-field';
import { storedContext } from './stored-fields';

/** A value that holds for an asset although it does not store the field. */
export interface InheritedField {
  value: unknown;
  /** The asset that has it: the asset itself, or one above it. */
  assetId: number;
  assetName: string;
  /** The attribute that has it; undefined if it is in stored flexibility. */
  attribute?: string;
}

/** Inherited values by field. */
export type InheritedFields = Readonly<Record<FlexGroup, Readonly<Record<string, InheritedField>>>>;

/** Finds where schedules take the fields from that an asset does not store. */
@Injectable()
export class InheritedFlexibility {
  constructor(private readonly tree: AssetTree) {}

  /** The values that hold if the asset itself stores nothing. */
  async find(assetId: number): Promise<InheritedFields> {
    const layers = await this.tree.findFlexibilityUpToRoot(assetId);
    return { 'flex-model': inAttributes('flex-model', layers), 'flex-context': inheritedContext(layers) };
  }
}

function inheritedContext(layers: readonly AssetFlexibility[]): Record<string, InheritedField> {
  const [own, ...above] = layers;
  if (!own) return {};
  const { fields, origins } = storedContext({}, [{ ...own, flexContext: {} }, ...above]);
  const stored = Object.entries(fields).map(([name, value]): [string, InheritedField] => {
    const { id, name: assetName } = origins[name]!;
    return [name, { value, assetId: id, assetName }];
  });
  return { ...inAttributes('flex-context', layers), ...Object.fromEntries(stored) };
}

/** Values in attributes: of the nearest asset that has one. */
function inAttributes(group: FlexGroup, layers: readonly AssetFlexibility[]): Record<string, InheritedField> {
  const found: Record<string, InheritedField> = {};
  for (const name of Object.keys(FLEX_FIELDS[group])) {
    for (const { id, name: assetName, attributes } of layers) {
      const inherited = findField(group, name, {}, attributes);
      if (!inherited) continue;
      found[name] = { value: inherited.value, assetId: id, assetName, attribute: inherited.name };
      break;
    }
  }
  return found;
}
