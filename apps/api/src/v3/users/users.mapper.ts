import type { User } from '#lib/accounts';

/** A user as the API shows it. */
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

/** A moment in UTC as FlexMeasures writes it here: microseconds, and no offset. */
const withoutOffset = (moment: Date | null): string | null =>
  moment && moment.toISOString().replace('Z', '000');
