/** An asset, as far as its type tells what it can do. */
interface TypedAsset {
  assetType: { name: string };
}

/** Type of assets that charge and cannot discharge. */
const ONE_WAY_CHARGER = 'one-way_evse';

/** Types of assets that store energy. */
const STORAGE_TYPES = ['battery', ONE_WAY_CHARGER, 'two-way_evse'];

/** Whether assets of its type store energy. */
export const isStorageType = ({ assetType }: TypedAsset): boolean => STORAGE_TYPES.includes(assetType.name);

/** Whether assets of its type charge and cannot discharge: a physical limit, which nothing exceeds. */
export const isOneWayCharger = ({ assetType }: TypedAsset): boolean => assetType.name === ONE_WAY_CHARGER;
