import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { ResetUrlBuilder } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** Under what address users find this server, for links in mails. */
@Injectable()
export class OwnAddress {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /**
   * Links to the page that takes a new password. Without SERVER_NAME the request tells the host. A stranger could name
   * a host of their own there, and would be sent the token by whoever follows the link; so it must be a known one,
   * unless who sent the request may change the password anyway.
   */
  linkToNewPassword(request: Request, { mayChangePassword = false } = {}): ResetUrlBuilder {
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
