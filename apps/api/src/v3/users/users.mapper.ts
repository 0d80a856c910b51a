import type { TwoFactorState, UpdatedUser, User, UserListing } from '#lib/accounts';
import { listingOf } from '../../http/paging/list-query.dto';
import { searchTerms } from '../../http/paging/search-terms';
import { orderOf } from '../../http/paging/sorted-list-query.dto';
import type { UserListQuery } from './users.dto';

/** A user as a response of the API. */
export const toUserResponse = (user: User) => ({
  account_id: user.accountId,
  active: user.active,
  email: user.email,
  flexmeasures_roles: user.roles.map(({ id }) => id).sort((one, other) => one - other),
  id: user.id,
  last_login_at: withoutOffset(user.lastLoginAt),
  last_seen_at: withoutOffset(user.lastSeenAt),
  timezone: user.timezone,
  username: user.username,
});

const NOT_MAILED =
  'No link to choose a password was sent, because this server sends no e-mails. Nobody can log in as this user yet.';

/** A new user. A message says so if the user got no e-mail. */
export const toInvitedUser = ({ user, isMailed }: { user: User; isMailed: boolean }) => ({
  ...toUserResponse(user),
  ...(!isMailed && { message: NOT_MAILED }),
});

/** The response to a change. Its message says that a new e-mail address must be confirmed. */
export const toUserPatchResponse = ({ user, unconfirmedEmail }: UpdatedUser) => ({
  ...toUserResponse(user),
  ...(unconfirmedEmail !== undefined && {
    message: `The e-mail address changes after it is confirmed. A message was sent to ${unconfirmedEmail}.`,
  }),
  status: 200,
});

/** A time in UTC in FlexMeasures' format for users: with microseconds and without offset. */
const withoutOffset = (time: Date | null): string | null => time && time.toISOString().replace('Z', '000');

const ORDERS = {
  username: 'username',
  email: 'email',
  lastLogin: 'lastLoginAt',
  lastSeen: 'lastSeenAt',
} as const;

/** The users that a query asks for. */
export function toUserListing(query: UserListQuery): UserListing {
  const { sortBy, isDescending } = orderOf(query);
  return {
    includeInactive: query.include_inactive ?? false,
    terms: searchTerms(query.filter),
    sortBy: sortBy && ORDERS[sortBy],
    isDescending,
    ...listingOf(query),
  };
}

/** The second factor of a user as a response of the API. */
export const toTwoFactorResponse = ({ policy, needed, hasApp, recoveryCodesLeft }: TwoFactorState) => ({
  policy,
  needed: needed ?? null,
  has_app: hasApp,
  recovery_codes_left: recoveryCodesLeft,
});
