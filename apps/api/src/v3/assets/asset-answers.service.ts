import { Injectable } from '@nestjs/common';
import { isAllowed, type Requester } from '#lib/accounts/model';
import { assetRules, AssetTree, type DetailedAsset } from '#lib/assets';
import { SensorsService } from '#lib/sensors';
import { toAssetResponse } from './assets.mapper';

export type AssetResponse = ReturnType<typeof toAssetResponse>;

/** Puts together what a user sees of assets: their columns, sensors and children. */
@Injectable()
export class AssetAnswers {
  constructor(
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
  ) {}

  async one(asset: DetailedAsset, user: Requester): Promise<AssetResponse> {
    const show = await this.showing([asset], user);
    return show(asset);
  }

  /** Reads what belongs to the assets. @returns a function that converts one of them to its answer */
  async showing(
    assets: readonly DetailedAsset[],
    user: Requester,
  ): Promise<(asset: DetailedAsset) => AssetResponse> {
    const ids = assets.map(({ id }) => id);
    const sensors = await this.sensors.listNamesByAsset(ids);
    const children = await this.tree.findChildren(ids);
    return (asset) =>
      toAssetResponse(asset, {
        sensors: sensors.get(asset.id) ?? [],
        children: (children.get(asset.id) ?? []).filter((child) =>
          isAllowed(user, 'read', assetRules(child)),
        ),
      });
  }
}
