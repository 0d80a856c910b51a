import { Inject, Injectable } from '@nestjs/common';
import type { ResetUrlBuilder } from '#lib/accounts';
import { publicUrl, SETTINGS, type Settings } from '#lib/config';

/**
 * Under what address clients find this server, for links. It never comes from a request: a stranger could name a host of
 * their own there, and would be sent the token by whoever follows the link in a mail.
 */
@Injectable()
export class OwnAddress {
  /** Scheme, host and port. */
  readonly origin: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.origin = publicUrl(settings);
  }

  /** Links to the page that takes a new password. */
  readonly linkToNewPassword: ResetUrlBuilder = (token) => `${this.origin}/reset-password/${token}`;
}
