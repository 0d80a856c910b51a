import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { Mailer } from '#lib/mail';
import { USER_UPDATED } from '../events/accounts.events';
import { isAllowed, userRules, type Requester } from '../model';
import { LinkTokens } from './link-tokens';
import { MailThrottle } from './mail-throttle';
import { emailExistsError, toUserExistsError } from './user-fields';
import type { User } from './user.entity';
import { UsersRepository } from './users.repository';

/** Builds the URL of the page that confirms a new e-mail address, from the token of the link. */
export type ConfirmationUrlBuilder = (token: string) => string;

/** A change of an e-mail address that its link asks to confirm. */
export interface EmailChange {
  user: User;
  email: string;
}

/**
 * Changes e-mail addresses after a link was opened that is sent to the new address. A request has the same outcome
 * whether or not a user of another account has the address: only the owner of the mailbox learns this.
 */
@Injectable()
export class EmailChanges {
  constructor(
    private readonly users: UsersRepository,
    private readonly links: LinkTokens,
    private readonly throttle: MailThrottle,
    private readonly mailer: Mailer,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Asks the owner of the new address to confirm it. The mail is sent after the current transaction.
   * @param email the normalised new address
   * @throws DomainError USER_INVALID if the server cannot send mail, USER_EXISTS if a user has the address whom the requester
   * may see, TOO_MANY_MAILS
   */
  async request(
    { id }: User,
    email: string,
    requester: Requester,
    linkTo: ConfirmationUrlBuilder,
  ): Promise<void> {
    if (!this.mailer.isEnabled) {
      const message =
        'A new address is confirmed by e-mail, which this server cannot send. Ask an admin of the server to change it.';
      throw new DomainError('USER_INVALID', message, 'email');
    }
    const user = (await this.users.findWithSecretsById(id))!;
    const owner = await this.users.findOtherWithEmail(email, id);
    if (owner && isAllowed(requester, 'read', userRules(owner))) throw emailExistsError();
    if (!(await this.throttle.allows(email, `user ${requester.id}`))) {
      throw new DomainError(
        'TOO_MANY_MAILS',
        'Too many e-mails were requested for this address or by this user.',
      );
    }
    const link = linkTo(await this.links.issue('email-change', { user, newEmail: email }));
    await this.transactions.afterCommit(() =>
      this.mailer.sendInBackground(owner ? inUseMail(email) : confirmationMail(email, user.username, link)),
    );
  }

  /** The change that a link confirms; undefined for links that are invalid, used or expired. */
  async findByToken(token: string): Promise<EmailChange | undefined> {
    const { user, newEmail } = (await this.links.find('email-change', token)) ?? {};
    return user && newEmail !== undefined ? { user, email: newEmail } : undefined;
  }

  /**
   * Changes the address with a link, and tells the old address.
   * @returns whether the link was valid
   * @throws DomainError USER_EXISTS if another user has the address by now
   */
  async confirm(token: string): Promise<boolean> {
    return this.transactions.run(async () => {
      const found = await this.findByToken(token);
      if (!found) return false;
      const { user, email } = found;
      await this.users.lock(user.id);
      if (!(await this.findByToken(token))) return false;
      if (await this.users.findOtherWithEmail(email, user.id)) throw emailExistsError();
      await this.users.update(user.id, { email }).catch(toUserExistsError);
      // Who opened the link is not logged in, but proved to be the user.
      this.events.emit(USER_UPDATED, { id: user.id, fields: ['email'] }, { user: user.id });
      await this.transactions.afterCommit(() =>
        this.mailer.sendInBackground(changedMail(user.email, user.username, email)),
      );
      return true;
    });
  }
}

const confirmationMail = (to: string, username: string, link: string) => ({
  to,
  subject: 'Confirm your e-mail address',
  text: `Hello ${username},

we received a request to make this the e-mail address of your user. Confirm it here:

${link}

The link expires soon. If you did not request this, you can ignore this message: nothing changes without the link.
`,
});

const inUseMail = (to: string) => ({
  to,
  subject: 'This e-mail address is already in use',
  text: `Hello,

we received a request to make this the e-mail address of another user. It is the address of your user already, so nothing
changed. If you have two users, change the address of one of them first.
`,
});

const changedMail = (to: string, username: string, email: string) => ({
  to,
  subject: 'Your e-mail address was changed',
  text: `Hello ${username},

the e-mail address of your user is now ${email}. Use it to log in. If you did not request this, contact the host
of the server.
`,
});
