import { defineEvent } from '#lib/events';

export const ACCOUNT_CREATED = defineEvent<{ id: number }>('account.created');

/** Accounts were deleted, with all that belonged to them. */
export const ACCOUNT_DELETED = defineEvent<{ ids: number[] }>('account.deleted');

export const USER_CREATED = defineEvent<{ id: number; accountId: number }>('user.created');

/** Fields of a user have new values; `password` stands for another password. */
export const USER_UPDATED = defineEvent<{ id: number; fields: string[] }>('user.updated');

export const USER_DELETED = defineEvent<{ ids: number[] }>('user.deleted');
