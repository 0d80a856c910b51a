import type { PageSettings } from '#lib/config';
import { isServerAdmin } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { rejected, unauthenticated } from '../../http/errors/api-error';
import type { PageRequest } from '../sessions/page-request';

/**
 * Requires a user who may see the queues: an admin, or any user in demo mode.
 * @throws ApiError 401 without a user, 403 for other users
 */
export function requireTaskViewer({ user }: PageRequest, { isDemo }: Pick<PageSettings, 'isDemo'>): ApiUser {
  if (!user) throw unauthenticated();
  if (!isDemo && !isServerAdmin(user))
    throw rejected(403, 'INVALID_SENDER', 'Only admins may see this page.');
  return user;
}
