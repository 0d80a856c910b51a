import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { ResetUrlBuilder } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** The public URL of this server, for links in e-mails. */
@Injectable()
export class ServerUrl {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /**
   * The link to the page for a new password, by token. Without SERVER_NAME, the host is that of the request. An attacker
   * could send the name of another host, which would receive the token of a user who follows the link. So the host must
   * be a known one, unless the sender of the request may change the password anyway.
   */
  passwordResetLink(request: Request, { mayChangePassword = false } = {}): ResetUrlBuilder {
    const base = this.settings.address ?? this.addressOf(request, mayChangePassword);
    return (token) => (base === undefined ? undefined : `${base}/reset-password/${token}`);
  }

  private addressOf({ protocol, host }: Request, isTrusted: boolean): string | undefined {
    const address = `${protocol}://${host}`;
    if (!URL.canParse(address)) return undefined;
    const { origin, hostname } = new URL(address);
    return isTrusted || this.isKnown(hostname) ? origin : undefined;
  }

  private isKnown(hostname: string): boolean {
    return LOCAL_HOSTS.includes(hostname) || Object.hasOwn(this.settings.hostsAndAuthStart, hostname);
  }
}
