import type { AuthenticatedUser, SessionPayload } from '#lib/accounts';
import type { Device } from '#lib/device-tokens';

/** Who sent a request. */
export interface ApiUser extends AuthenticatedUser {
  /** How, when it was by the session of a browser. */
  session?: Pick<SessionPayload, 'jti' | 'exp'>;
  /** How, when it was by a device token, which limits what the user may do. */
  device?: Device['device'];
}
