import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { Mailer } from '#lib/mail';
import { CLOCK, type Clock } from '#lib/time';
import { USER_UPDATED } from '../events/accounts.events';
import { Passwords } from '../passwords/passwords';
import { keyFor } from '../passwords/secrets';
import { checkPassword } from '../users/user-fields';
import type { User } from '../users/user.entity';
import { UsersRepository, type Secrets } from '../users/users.repository';

/** What a link carries; one that was used, or whose user has another address by now, is worth nothing. */
interface LinkPayload {
  sub: string;
  uniquifier: string;
  email: string;
}

/** Address of the page that takes a token; undefined where the server does not know its own address. */
export type LinkTo = (token: string) => string | undefined;

/** Lets users choose a new password by a link that is mailed to them, and is good once. */
@Injectable()
export class PasswordResets {
  private readonly logger = new Logger(PasswordResets.name);

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
   * Makes the password a random one, which ends all tokens and sessions of the user, and mails a link.
   * @param client who asks, such as a network address: hashing for one client waits in one line
   * @throws DomainError TOO_BUSY
   */
  async reset(userId: number, linkTo: LinkTo, client: string): Promise<void> {
    const user = await this.users.findWithSecretsById(userId);
    if (!user) return;
    const changed = await this.secretsFor(randomBytes(32).toString('base64url'), client);
    const isChanged = await this.replacePassword(user, changed);
    // Otherwise another reset was faster, and mails its own link.
    if (isChanged && user.active) await this.mailLink(Object.assign(user, changed), linkTo);
  }

  /** Mails a link to the active user with this address, if there is one; the password stays until it is used. */
  async offerLink(email: string, linkTo: LinkTo): Promise<void> {
    const user = email.includes('\0') ? null : await this.users.findWithSecretsByEmail(email);
    if (user?.active) await this.mailLink(user, linkTo);
  }

  /** Whose password a link changes; undefined for links that are wrong, used up or too old. */
  async userOf(token: string): Promise<User | undefined> {
    const payload = await this.payloadOf(token);
    const user = payload && (await this.users.findWithSecretsById(Number(payload.sub)));
    const isGood = user?.active && user.uniquifier === payload?.uniquifier && user.email === payload.email;
    return isGood ? user : undefined;
  }

  /**
   * Uses up a link, which ends all tokens and sessions of the user.
   * @param client who asks, as in `reset`
   * @returns whether the link was good
   * @throws DomainError USER_INVALID for a password that is too short, TOO_BUSY
   */
  async choosePassword(token: string, password: string, client: string): Promise<boolean> {
    checkPassword(password);
    const user = await this.userOf(token);
    if (!user) return false;
    return this.replacePassword(user, await this.secretsFor(password, client));
  }

  private replacePassword({ id, uniquifier }: User, changed: Secrets): Promise<boolean> {
    return this.transactions.run(async () => {
      const isChanged = await this.users.replacePassword(id, uniquifier, changed);
      if (isChanged) this.events.emit(USER_UPDATED, { id, fields: ['password'] });
      return isChanged;
    });
  }

  private async secretsFor(password: string, client: string) {
    return { password: await this.passwords.hash(password, client), uniquifier: randomUUID() };
  }

  private async mailLink({ id, uniquifier, email, username }: User, linkTo: LinkTo): Promise<void> {
    const { sign } = await import('jsonwebtoken');
    const key = keyFor('password-reset', this.settings);
    const expiresIn = Math.floor(this.settings.resetPasswordWithinMs / 1000);
    const payload = { sub: String(id), uniquifier, email, iat: this.nowS };
    const link = linkTo(sign(payload, key, { algorithm: 'HS256', expiresIn }));
    if (link === undefined) {
      this.logger.error(
        `No link to a new password went to user ${id}, because the server does not know its own address: set SERVER_NAME.`,
      );
      return;
    }
    this.mailer.post({ to: email, subject: 'Choose a new password', text: letter(username, link) });
  }

  private async payloadOf(token: string): Promise<LinkPayload | undefined> {
    const { verify } = await import('jsonwebtoken');
    try {
      return verify(token, keyFor('password-reset', this.settings), {
        algorithms: ['HS256'],
        clockTimestamp: this.nowS,
      }) as LinkPayload;
    } catch {
      return undefined; // forged, damaged or too old
    }
  }

  /** Seconds since 1970, as tokens count. */
  private get nowS(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}

const letter = (username: string, link: string): string =>
  `Hello ${username},

a new password was asked for. Choose it here:

${link}

The link is good once, and not for long. If you did not ask for it, somebody else did; without the link
nothing of yours can be changed.
`;
