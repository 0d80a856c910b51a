import { Inject, Injectable } from '@nestjs/common';
import type { ConfirmationUrlBuilder, ResetUrlBuilder } from '#lib/accounts';
import { publicUrl, SETTINGS, type Settings } from '#lib/config';

/**
 * The public URL of this server, for links. It never comes from a request: an attacker could send the name of another
 * host, which would receive the token of a user who follows the link in a mail.
 */
@Injectable()
export class ServerUrl {
  /** Scheme, host and port. */
  readonly origin: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.origin = publicUrl(settings);
  }

  /** The link to the page for a new password, by token. */
  readonly passwordResetLink: ResetUrlBuilder = (token) => `${this.origin}/reset-password/${token}`;

  /** The link to the page that confirms a new e-mail address, by token. */
  readonly emailConfirmationLink: ConfirmationUrlBuilder = (token) => `${this.origin}/confirm-email/${token}`;
}
