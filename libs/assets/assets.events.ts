import { defineEvent } from '#lib/events';

export const ASSET_CREATED = defineEvent<{ id: number; accountId: number | null }>('asset.created');

/** Fields of an asset changed. Attributes that were set one by one are named `attributes.<name>`. */
export const ASSET_UPDATED = defineEvent<{ id: number; fields: string[] }>('asset.updated');

/** Assets were deleted, including their child assets. */
export const ASSET_DELETED = defineEvent<{ ids: number[] }>('asset.deleted');

/** An asset type was created. The built-in ones are not told. */
export const ASSET_TYPE_CREATED = defineEvent<{ id: number; name: string }>('asset-type.created');

/** All asset types were deleted. */
export const ASSET_TYPE_DELETED = defineEvent<object>('asset-type.deleted');
