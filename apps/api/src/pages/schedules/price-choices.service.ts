import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { AssetsService, AssetTree, getSensorsToShow, type Asset } from '#lib/assets';
import { readSensorsToShow } from '#lib/charts/model';
import { canRead, SensorsService } from '#lib/sensors';
import { isEnergyPriceUnit } from '#lib/units';

/** Sensors of prices from which a schedule can take them. */
export interface PriceChoices {
  sensors: { id: number; name: string; unit: string }[];
  /** Whether an asset stores where its prices come from. */
  isStored: boolean;
  /** The one to suggest; empty: the stored one. */
  suggested: string;
}

/** Maximum number of sensors that are looked at. */
const MAX_SENSORS = 1000;

/** Finds sensors of prices for a device. */
@Injectable()
export class PriceSensors {
  constructor(
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
  ) {}

  /** The sensors of prices of the account of a device, and public ones. Suggested are those that the asset shows. */
  async choicesFor(
    { asset }: { asset: Pick<Asset, 'id' | 'accountId'> },
    user: Requester,
  ): Promise<PriceChoices> {
    const { items } = await this.sensors.page({
      accountIds: asset.accountId === null ? [] : [asset.accountId],
      ...{ isWithPublic: true, amongAssets: user.assetIds, offset: 0, limit: MAX_SENSORS },
    });
    const ids = items.filter(({ unit }) => isEnergyPriceUnit(unit)).map(({ id }) => id);
    const prices = (await this.sensors.listByIds(ids)).filter(canRead(user));
    const isStored = await this.isStored(asset.id);
    const shown = new Set(readSensorsToShow(getSensorsToShow(await this.assets.get(asset.id)))?.flat());
    const suggested = isStored ? undefined : (prices.find(({ id }) => shown.has(id)) ?? prices[0]);
    return {
      sensors: prices.map(({ id, name, unit, asset: of }) => ({ id, unit, name: `${name} (${of.name})` })),
      isStored,
      suggested: suggested ? String(suggested.id) : '',
    };
  }

  private async isStored(assetId: number): Promise<boolean> {
    const stored = await this.tree.findFlexibilityUpToRoot(assetId);
    const attributes = await this.tree.findAttributesUpToRoot(assetId);
    const names = [...stored.map(({ flexContext }) => flexContext), ...attributes].flatMap(Object.keys);
    return PRICE_FIELDS.some((name) => names.includes(name));
  }
}

/** Fields and attributes that tell where prices come from. */
const PRICE_FIELDS = ['consumption-price', 'consumption-price-sensor', 'market_id'];
