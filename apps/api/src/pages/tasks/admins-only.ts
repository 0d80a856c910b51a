import { isServerAdmin } from '#lib/accounts/model';
import { rejected, unauthenticated } from '../../http/errors/api-error';
import type { PageRequest } from '../sessions/page-request';

/** @throws ApiError 401 without a user, 403 for users who are not admins */
export function requireAdmin({ user }: PageRequest): void {
  if (!user) throw unauthenticated();
  if (!isServerAdmin(user)) throw rejected(403, 'INVALID_SENDER', 'Only admins may see this page.');
}
