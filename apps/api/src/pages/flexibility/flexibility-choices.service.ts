import { Injectable } from '@nestjs/common';
import { assetRules, AssetsService, type DetailedAsset } from '#lib/assets';
import { isAllowed, type Requester } from '#lib/accounts/model';
import { InheritedFlexibility, type InheritedFields } from '#lib/scheduling';
import { canRead, sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import { isEnergyUnit, isPowerUnit } from '#lib/units';
import { FLEX_FIELDS, type FlexGroup } from '#lib/scheduling/model/flex';
import type { ShownInherited } from './flexibility-rows';

/** Sensors to choose from, by what they measure, and by what schedules can record to them. */
export type SensorChoices = Record<string, { id: number; name: string }[]>;

/** What a form about flexibility offers and shows besides what the asset stores. */
export interface FlexibilityChoices {
  sensors: SensorChoices;
  /** Units of all these sensors, by id. */
  units: Record<number, string>;
  /** Their names, by id. */
  names: Record<number, string>;
  inherited: Record<FlexGroup, Record<string, ShownInherited | undefined>>;
}

/** More sensors are not offered; others can be typed by their ids. */
const MAX_SENSORS = 1000;

/** Finds what a form about flexibility offers, and what an asset inherits. */
@Injectable()
export class FlexibilityFormChoices {
  constructor(
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly inherited: InheritedFlexibility,
  ) {}

  async of(asset: DetailedAsset, user: Requester): Promise<FlexibilityChoices> {
    const { items } = await this.sensors.page({
      accountIds: asset.accountId === null ? [] : [asset.accountId],
      ...{ isWithPublic: true, amongAssets: user.assetIds, offset: 0, limit: MAX_SENSORS },
    });
    const found = (await this.sensors.listByIds(items.map(({ id }) => id))).filter(canRead(user));
    const choices: SensorChoices = {};
    const names: Record<number, string> = {};
    for (const sensor of found) {
      const { id, name, unit, asset: of } = sensor;
      names[id] = `${of.name}: ${name}${unit ? `, ${unit}` : ''}`;
      const isWritable = isAllowed(user, 'create-children', sensorRules(sensor));
      for (const measure of [...measuresOf(unit), ...(isWritable ? recordsOf(sensor) : [])])
        (choices[measure] ??= []).push({ id, name: names[id] });
    }
    return {
      sensors: choices,
      names,
      units: Object.fromEntries(found.map(({ id, unit }) => [id, unit])),
      inherited: await this.inheritedBy(asset, user),
    };
  }

  private async inheritedBy(asset: DetailedAsset, user: Requester): Promise<FlexibilityChoices['inherited']> {
    const fields = await this.inherited.find(asset.id);
    const readable = new Map<number, boolean>([[asset.id, true]]);
    const canSee = async (id: number): Promise<boolean> => {
      const known = readable.get(id);
      if (known !== undefined) return known;
      const above = await this.assets.find(id);
      const isReadable = above !== null && isAllowed(user, 'read', assetRules(above));
      readable.set(id, isReadable);
      return isReadable;
    };
    const shown: FlexibilityChoices['inherited'] = { 'flex-model': {}, 'flex-context': {} };
    for (const group of Object.keys(FLEX_FIELDS) as FlexGroup[])
      for (const [name, one] of Object.entries(fields[group]))
        shown[group][name] = toShown(one, (await canSee(one.assetId)) ? asset.id : undefined);
    return shown;
  }
}

/** @param ownId of the asset of the form; undefined if the user cannot read the asset that has the value */
function toShown(
  { value, assetId, assetName, attribute }: InheritedFields[FlexGroup][string],
  ownId: number | undefined,
): ShownInherited {
  if (ownId === undefined) return { text: 'a value', place: 'an asset above it that you may not read' };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const owner = assetId === ownId ? 'this asset' : assetName;
  return {
    text,
    place: attribute === undefined ? owner : `attribute ${attribute} of ${owner}`,
    path: assetId === ownId ? undefined : `/assets/${assetId}/flexibility`,
  };
}

/** What schedules can record to a sensor to which the user may post data. */
function recordsOf({ unit, eventResolutionMs }: Pick<Sensor, 'unit' | 'eventResolutionMs'>): string[] {
  if (isPowerUnit(unit)) return ['recorded-power'];
  const isStock = eventResolutionMs === 0 && (isEnergyUnit(unit) || unit === '%');
  return isStock ? ['recorded-energy'] : [];
}

/** What values in a unit can measure, by the names of the table of fields. */
function measuresOf(unit: string): string[] {
  if (isPowerUnit(unit)) return ['power'];
  if (/^[A-Z]{3}\/\(?[kMG]?Wh?\b/.test(unit)) return ['price-of-energy', 'price-of-power'];
  if (/^[kMG]?Wh$/.test(unit)) return ['energy'];
  return unit === '%' || unit === '' ? ['share', 'energy'] : [];
}
