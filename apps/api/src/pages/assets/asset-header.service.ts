import { Injectable } from '@nestjs/common';
import { isAllowed, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, type DetailedAsset } from '#lib/assets';

/** A part of an asset's page. */
export type AssetTab =
  'Graphs' | 'Balance' | 'Properties' | 'Flexibility' | 'Sensors' | 'Status' | 'Jobs' | 'History';

/** What is above each page of an asset: where it stands in the tree, its tabs, and what the user may do. */
export interface AssetHeader {
  id: number;
  name: string;
  type: string;
  owner: { id: number; name: string } | null;
  /** The assets above it that the user can read, from the top. */
  above: { path: string; name: string }[];
  tabs: { title: AssetTab; path: string; isActive: boolean }[];
}

const TABS: Record<AssetTab, string> = {
  Graphs: '',
  Balance: '/balance',
  Properties: '/properties',
  Flexibility: '/flexibility',
  Sensors: '/sensors',
  Status: '/status',
  Jobs: '/jobs',
  History: '/history',
};

@Injectable()
export class AssetHeaders {
  constructor(private readonly assets: AssetsService) {}

  async of(asset: DetailedAsset, user: Requester, active: AssetTab): Promise<AssetHeader> {
    const { id, name, assetType, account } = asset;
    return {
      ...{ id, name, type: assetType.name },
      owner: account && { id: account.id, name: account.name },
      above: await this.findAbove(asset, user),
      tabs: Object.entries(TABS).map(([title, path]) => ({
        title: title as AssetTab,
        path: `/assets/${id}${path}`,
        isActive: title === active,
      })),
    };
  }

  private async findAbove({ parentAssetId }: DetailedAsset, user: Requester): Promise<AssetHeader['above']> {
    const above: AssetHeader['above'] = [];
    for (let id = parentAssetId; id !== null;) {
      const parent: DetailedAsset | null = await this.assets.find(id);
      if (!parent || !isAllowed(user, 'read', assetRules(parent))) break;
      above.unshift({ path: `/assets/${parent.id}`, name: parent.name });
      id = parent.parentAssetId;
    }
    return above;
  }
}
