import type { KnownUser, SessionPayload } from '#lib/accounts';

/** Who sent a request. */
export interface ApiUser extends KnownUser {
  /** How, when it was by the session of a browser. */
  session?: Pick<SessionPayload, 'jti' | 'exp'>;
}
