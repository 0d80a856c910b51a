import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { Mailer } from '#lib/mail';
import { CLOCK, type Clock } from '#lib/time';
import { USER_UPDATED } from '../events/accounts.events';
import { Passwords } from '../passwords/passwords';
import { deriveKey } from '../passwords/secrets';
import { checkPassword } from '../users/user-fields';
import type { User } from '../users/user.entity';
import { UsersRepository, type Secrets } from '../users/users.repository';

/** Claims of a reset link. The link is invalid after it was used and after the user's e-mail address has changed. */
interface LinkPayload {
  sub: string;
  uniquifier: string;
  email: string;
}

/** Builds the URL of the page for a reset token. */
export type ResetUrlBuilder = (token: string) => string;

/** Lets users choose a new password with a link that is sent by e-mail and works once. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly mailer: Mailer,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sets a random password, which ends all tokens and sessions of the user, and mails a reset link.
   * @param client identifies the caller, for example by its network address; the hashing for one client shares a queue
   * @throws DomainError TOO_BUSY
   */
  async reset(userId: number, linkTo: ResetUrlBuilder, client: string): Promise<void> {
    const user = await this.users.findWithSecretsById(userId);
    if (!user) return;
    const changed = await this.newSecrets(randomBytes(32).toString('base64url'), client);
    const isChanged = await this.replacePassword(user, changed);
    // Otherwise a concurrent reset changed the password and mails its own link.
    if (isChanged && user.active) await this.mailResetLink(Object.assign(user, changed), linkTo);
  }

  /** Mails a reset link to the active user with this address, if there is one. The password stays unchanged until then. */
  async sendResetLink(email: string, linkTo: ResetUrlBuilder): Promise<void> {
    const user = email.includes('\0') ? null : await this.users.findWithSecretsByEmail(email);
    if (user?.active) await this.mailResetLink(user, linkTo);
  }

  /** The user whose password a link resets; undefined for links that are invalid, used or expired. */
  async findUserByToken(token: string): Promise<User | undefined> {
    const payload = await this.verifyResetToken(token);
    const user = payload && (await this.users.findWithSecretsById(Number(payload.sub)));
    const isValid = user?.active && user.uniquifier === payload?.uniquifier && user.email === payload.email;
    return isValid ? user : undefined;
  }

  /**
   * Sets a new password with a link, which ends the link and all tokens and sessions of the user.
   * @param client identifies the caller, as in `reset`
   * @returns whether the link was valid
   * @throws DomainError USER_INVALID for a password that is too short, TOO_BUSY
   */
  async choosePassword(token: string, password: string, client: string): Promise<boolean> {
    checkPassword(password);
    const user = await this.findUserByToken(token);
    if (!user) return false;
    return this.replacePassword(user, await this.newSecrets(password, client));
  }

  private replacePassword({ id, uniquifier }: User, changed: Secrets): Promise<boolean> {
    return this.transactions.run(async () => {
      const isChanged = await this.users.replacePassword(id, uniquifier, changed);
      if (isChanged) this.events.emit(USER_UPDATED, { id, fields: ['password'] });
      return isChanged;
    });
  }

  private async newSecrets(password: string, client: string) {
    return { password: await this.passwords.hash(password, client), uniquifier: randomUUID() };
  }

  private async mailResetLink(
    { id, uniquifier, email, username }: User,
    linkTo: ResetUrlBuilder,
  ): Promise<void> {
    const { sign } = await import('jsonwebtoken');
    const key = deriveKey('password-reset', this.settings);
    const expiresIn = Math.floor(this.settings.resetPasswordWithinMs / 1000);
    const payload = { sub: String(id), uniquifier, email, iat: this.nowS };
    const link = linkTo(sign(payload, key, { algorithm: 'HS256', expiresIn }));
    this.mailer.sendInBackground({
      to: email,
      subject: 'Choose a new password',
      text: resetMailText(username, link),
    });
  }

  private async verifyResetToken(token: string): Promise<LinkPayload | undefined> {
    const { verify } = await import('jsonwebtoken');
    try {
      return verify(token, deriveKey('password-reset', this.settings), {
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

const resetMailText = (username: string, link: string): string =>
  `Hello ${username},

we received a request to reset your password. Choose a new one here:

${link}

The link works once and expires soon. If you did not request it, you can ignore this message: nobody can change
your password without the link.
`;
