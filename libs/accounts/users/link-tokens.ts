import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import { deriveKey } from '../passwords/secrets';
import type { User } from './user.entity';
import { UsersRepository } from './users.repository';

type Purpose = 'email-change' | 'password-reset' | 'second-factor';

/** Claims of a link. It is invalid after the e-mail address or the password of the user has changed. */
interface LinkPayload {
  sub: string;
  uniquifier: string;
  /** The address of the user when the link was sent. */
  email: string;
  /** The new address, if the link confirms one. */
  newEmail?: string;
}

/** What a link is for: its user and, if it confirms one, the new e-mail address. */
export interface LinkTarget {
  user: User;
  newEmail?: string;
}

/** The signed tokens of links in mails. */
@Injectable()
export class LinkTokens {
  constructor(
    private readonly users: UsersRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param user with the uniquifier
   * @param lifetimeMs by default, that of the settings
   */
  async issue(
    purpose: Purpose,
    { user, newEmail }: LinkTarget,
    lifetimeMs = this.settings.resetPasswordWithinMs,
  ): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    const { id, uniquifier, email } = user;
    const payload: LinkPayload & { iat: number } = {
      sub: String(id),
      uniquifier,
      email,
      newEmail,
      iat: this.nowS,
    };
    return sign(payload, deriveKey(purpose, this.settings), {
      algorithm: 'HS256',
      expiresIn: Math.floor(lifetimeMs / 1000),
    });
  }

  /** What a link is for, with the secrets of the user; undefined for links that are invalid, used or expired. */
  async find(purpose: Purpose, token: string): Promise<LinkTarget | undefined> {
    const payload = await this.verify(purpose, token);
    const user = payload && (await this.users.findWithSecretsById(Number(payload.sub)));
    const isValid = user?.active && user.uniquifier === payload?.uniquifier && user.email === payload.email;
    return isValid ? { user, newEmail: payload.newEmail } : undefined;
  }

  private async verify(purpose: Purpose, token: string): Promise<LinkPayload | undefined> {
    const { verify } = await import('jsonwebtoken');
    try {
      return verify(token, deriveKey(purpose, this.settings), {
        algorithms: ['HS256'],
        clockTimestamp: this.nowS,
      }) as LinkPayload;
    } catch {
      return undefined; // forged, damaged or expired
    }
  }

  /** Seconds since 1970, as tokens count. */
  private get nowS(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
