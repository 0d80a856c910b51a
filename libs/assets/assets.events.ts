import { defineEvent } from '#lib/events';

export const ASSET_CREATED = defineEvent<{ id: number; accountId: number | null }>('asset.created');

/** Fields of an asset changed. Attributes that were set one by one are named `attributes.<name>`. */
export const ASSET_UPDATED = defineEvent<{ id: number; fields: string[] }>('asset.updated');

/** Assets were deleted, including their child assets. */
export const ASSET_DELETED = defineEvent<{ ids: number[] }>('asset.deleted');
