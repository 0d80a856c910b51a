import type { KnownUser, SessionPayload } from '#lib/accounts';

/** The authenticated user of a request. */
export interface ApiUser extends KnownUser {
  /** The session, if the request was authenticated by a session cookie. */
  session?: Pick<SessionPayload, 'jti' | 'exp'>;
}
