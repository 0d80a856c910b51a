import { defineEvent } from '#lib/events';

export const ACCOUNT_CREATED = defineEvent<{ id: number }>('account.created');

/** Fields of an account changed. */
export const ACCOUNT_UPDATED = defineEvent<{ id: number; fields: string[] }>('account.updated');

/** Accounts were deleted, with their users, assets and sensors. */
export const ACCOUNT_DELETED = defineEvent<{ ids: number[] }>('account.deleted');

/** A role for accounts was created. */
export const ACCOUNT_ROLE_CREATED = defineEvent<{ id: number; name: string }>('account-role.created');

/** A role for accounts was deleted. These accounts had it. */
export const ACCOUNT_ROLE_DELETED = defineEvent<{ id: number; name: string; accountIds: number[] }>(
  'account-role.deleted',
);

/** With the names of the roles of the user. */
export const USER_CREATED = defineEvent<{ id: number; accountId: number; roles?: string[] }>('user.created');

/**
 * Fields of a user changed. The field `password` means that the user has a new password. If `roles` changed, the names of all
 * roles that the user has now are included.
 */
export const USER_UPDATED = defineEvent<{ id: number; fields: string[]; roles?: string[] }>('user.updated');

export const PLAN_CREATED = defineEvent<{ id: number; name: string }>('plan.created');

/** Fields of a plan changed. */
export const PLAN_UPDATED = defineEvent<{ id: number; name: string; fields: string[] }>('plan.updated');

/** A role for users was created. */
export const USER_ROLE_CREATED = defineEvent<{ id: number; name: string }>('user-role.created');

/** A session was ended by logging out; with the id of the session. */
export const SESSION_ENDED = defineEvent<{ id: string }>('session.ended');

export const USER_DELETED = defineEvent<{ ids: number[] }>('user.deleted');
