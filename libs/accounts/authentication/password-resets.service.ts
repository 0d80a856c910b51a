import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events, type Actor } from '#lib/events';
import { Mailer } from '#lib/mail';
import { USER_UPDATED } from '../events/accounts.events';
import { PasswordRules } from '../passwords/password-rules';
import { Passwords } from '../passwords/passwords';
import { LinkTokens } from '../users/link-tokens';
import { MailThrottle } from '../users/mail-throttle';
import type { User } from '../users/user.entity';
import { UsersRepository, type Secrets } from '../users/users.repository';
import { UsersService, type NewUser } from '../users/users.service';

/** Builds the URL of the page for a reset token. */
export type ResetUrlBuilder = (token: string) => string;

/** Lets users choose a new password with a link that is sent by e-mail and works once. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly users: UsersRepository,
    private readonly links: LinkTokens,
    private readonly passwords: Passwords,
    private readonly passwordRules: PasswordRules,
    private readonly mailer: Mailer,
    private readonly transactions: Transactions,
    private readonly events: Events,
    private readonly creation: UsersService,
    private readonly throttle: MailThrottle,
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

  /**
   * Creates a user with a random password, and mails a link to choose one.
   * @param client identifies who asks, as in `reset`
   * @returns the user, and whether the link can be mailed: without a mail server, nobody can log in as the user yet
   * @throws DomainError as `UsersService.create`; TOO_MANY_MAILS
   */
  async invite(
    user: Omit<NewUser, 'password'>,
    { linkTo, client }: { linkTo: ResetUrlBuilder; client: string },
  ): Promise<{ user: User; isMailed: boolean }> {
    if (!(await this.throttle.allows(user.email, client)))
      throw new DomainError(
        'TOO_MANY_MAILS',
        'Too many e-mails were requested for this address or by this user.',
      );
    const password = randomBytes(32).toString('base64url');
    const { id } = await this.creation.create({ ...user, password }, client);
    const created = (await this.users.findWithSecretsById(id))!;
    const link = linkTo(await this.links.issue('password-reset', { user: created }));
    await this.transactions.afterCommit(() =>
      this.mailer.sendInBackground({
        to: created.email,
        subject: 'Your FlexMeasures user',
        text: invitationText(created.username, link),
      }),
    );
    return { user: created, isMailed: this.mailer.isEnabled };
  }

  /** The user whose password a link resets; undefined for links that are invalid, used or expired. */
  async findUserByToken(token: string): Promise<User | undefined> {
    return (await this.links.find('password-reset', token))?.user;
  }

  /**
   * Sets a new password with a link, which ends the link and all tokens and sessions of the user.
   * @param client identifies the caller, as in `reset`
   * @returns whether the link was valid
   * @throws DomainError USER_INVALID for a password that the rules refuse, TOO_BUSY
   */
  async choosePassword(token: string, password: string, client: string): Promise<boolean> {
    await this.passwordRules.check(password);
    const user = await this.findUserByToken(token);
    if (!user) return false;
    // Who opened the link is not logged in, but proved to be the user.
    return this.replacePassword(user, await this.newSecrets(password, client), { user: user.id });
  }

  private replacePassword({ id, uniquifier }: User, changed: Secrets, actor?: Actor): Promise<boolean> {
    return this.transactions.run(async () => {
      const isChanged = await this.users.replacePassword(id, uniquifier, changed);
      if (isChanged) this.events.emit(USER_UPDATED, { id, fields: ['password'] }, actor);
      return isChanged;
    });
  }

  private async newSecrets(password: string, client: string) {
    return { password: await this.passwords.hash(password, client), uniquifier: randomUUID() };
  }

  private async mailResetLink(user: User, linkTo: ResetUrlBuilder): Promise<void> {
    const link = linkTo(await this.links.issue('password-reset', { user }));
    this.mailer.sendInBackground({
      to: user.email,
      subject: 'Choose a new password',
      text: resetMailText(user.username, link),
    });
  }
}

const resetMailText = (username: string, link: string): string =>
  `Hello ${username},

we received a request to reset your password. Choose a new one here:

${link}

The link works once and expires soon. If you did not request it, you can ignore this message: nobody can change
your password without the link.
`;

const invitationText = (username: string, link: string): string =>
  `Hello ${username},

a user was created for you on a FlexMeasures server. Choose a password here:

${link}

The link works once and expires soon. If it has expired, ask for a new one at "Forgot the password?" on the login page.
`;
