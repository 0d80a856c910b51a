import { defineEvent } from '#lib/events';

export const ACCOUNT_CREATED = defineEvent<{ id: number }>('account.created');

/** Accounts were deleted, with their users, assets and sensors. */
export const ACCOUNT_DELETED = defineEvent<{ ids: number[] }>('account.deleted');

export const USER_CREATED = defineEvent<{ id: number; accountId: number }>('user.created');

/** Fields of a user changed. The field `password` means that the user has a new password. */
export const USER_UPDATED = defineEvent<{ id: number; fields: string[] }>('user.updated');

export const USER_DELETED = defineEvent<{ ids: number[] }>('user.deleted');
