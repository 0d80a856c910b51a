import type { Requester } from '#lib/accounts/model';

/** Who sent a request. */
export interface ApiUser extends Requester {
  username: string;
}
