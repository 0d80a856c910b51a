import { defineEvent } from '#lib/events';

export const ASSET_CREATED = defineEvent<{ id: number; accountId: number | null }>('asset.created');

/** Fields of an asset have new values; of attributes that were set one by one, their names as `attributes.name`. */
export const ASSET_UPDATED = defineEvent<{ id: number; fields: string[] }>('asset.updated');

/** Assets were deleted, those that were part of others included. */
export const ASSET_DELETED = defineEvent<{ ids: number[] }>('asset.deleted');
