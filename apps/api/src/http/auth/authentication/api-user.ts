import type { AuthenticatedUser, SessionPayload } from '#lib/accounts';

/** Who sent a request. */
export interface ApiUser extends AuthenticatedUser {
  /** How, when it was by the session of a browser. */
  session?: Pick<SessionPayload, 'jti' | 'exp'>;
}
