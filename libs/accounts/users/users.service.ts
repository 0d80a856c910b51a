import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { AccountsRepository } from '../accounts/accounts.repository';
import { USER_CREATED, USER_DELETED, USER_ROLE_CREATED } from '../events/accounts.events';
import type { Requester } from '../model';
import { PasswordRules } from '../passwords/password-rules';
import { Passwords } from '../passwords/passwords';
import { USER_ROLES } from './roles';
import { normaliseFields, toUserExistsError } from './user-fields';
import { Role, User } from './user.entity';
import { UsersRepository, type UserListing, type UserPage } from './users.repository';

export interface NewUser {
  username: string;
  email: string;
  password: string;
  accountId: number;
  roles?: string[];
  timezone?: string;
}

const MAX_ROLE_NAME = 80;
const MAX_DESCRIPTION = 255;

/** The hashing of the passwords of users whom the host creates has a queue of its own. */
const HOST_CLIENT = 'host';

/** The people and programs that log in. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly passwordRules: PasswordRules,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'timezone'>,
  ) {}

  findByEmail(email: string): Promise<User | null> {
    return this.users.findByEmail(email);
  }

  /** The users with this name. Each is in another account. */
  findByUsername(username: string): Promise<User[]> {
    return this.users.findByUsername(username);
  }

  findById(id: number): Promise<User | null> {
    return this.users.findById(id);
  }

  /** The active user with this id as a requester with the current roles; undefined if there is none. */
  async findRequester(id: number): Promise<Requester | undefined> {
    const user = await this.users.findActive(id);
    return (
      user && {
        ...{ id, accountId: user.account_id, roles: user.roles },
        clientAccountIds: user.client_account_ids,
      }
    );
  }

  listByAccount(accountId: number): Promise<User[]> {
    return this.users.findByAccount(accountId);
  }

  /** A page of the users of an account. */
  page(accountId: number, listing: UserListing): Promise<UserPage> {
    return this.users.findPage(accountId, listing);
  }

  /** @throws DomainError USER_NOT_FOUND */
  async getByEmail(email: string): Promise<User> {
    const user = await this.users.findByEmail(email);
    if (!user)
      throw new DomainError('USER_NOT_FOUND', `There is no user with email address ${email}.`, 'email');
    return user;
  }

  listRoles(): Promise<Role[]> {
    return this.users.findAllRoles();
  }

  /** Locks a user until the current transaction ends, so that nobody else adds references to it. */
  lock(id: number): Promise<void> {
    return this.users.lock(id);
  }

  /** As `lock`, for all users. */
  lockAll(): Promise<void> {
    return this.users.lockAll();
  }

  /** Deletes a user. libs/administration detaches the user's data source first. */
  delete(id: number): Promise<void> {
    return this.transactions.run(async () => {
      await this.users.delete(id);
      this.events.emit(USER_DELETED, { ids: [id] });
    });
  }

  deleteAllRoles(): Promise<void> {
    return this.users.deleteAllRoles();
  }

  /**
   * Adds a role of the host's own. It grants nothing by itself: plugins can require it.
   * @returns the id
   * @throws DomainError ROLE_INVALID, ROLE_EXISTS
   */
  async createRole(name: string, description = ''): Promise<number> {
    if (!/^[^\s,](?:[^,]*[^\s,])?$/.test(name) || name.length > MAX_ROLE_NAME) {
      const message = `The name of a role must have 1 to ${MAX_ROLE_NAME} characters, no comma, and no space at its ends.`;
      throw new DomainError('ROLE_INVALID', message, 'name');
    }
    if (description.length > MAX_DESCRIPTION) {
      const message = `The description of a role must have at most ${MAX_DESCRIPTION} characters.`;
      throw new DomainError('ROLE_INVALID', message, 'description');
    }
    return this.transactions.run(async () => {
      await this.ensureRoles();
      const id = await this.users.insertRole(name, description);
      if (id === undefined)
        throw new DomainError('ROLE_EXISTS', `A user role named '${name}' already exists.`, 'name');
      this.events.emit(USER_ROLE_CREATED, { id, name });
      return id;
    });
  }

  /** Adds the built-in roles that are missing. */
  ensureRoles(): Promise<void> {
    return this.users.ensureRoles(USER_ROLES);
  }

  /**
   * @param client identifies who asks, for example by a network address; the hashing for one client shares a queue
   * @throws DomainError USER_INVALID, USER_EXISTS, ACCOUNT_NOT_FOUND, ROLE_NOT_FOUND, TOO_BUSY
   */
  async create(given: NewUser, client = HOST_CLIENT): Promise<User> {
    const user = await normaliseFields(given);
    await this.passwordRules.check(user.password);
    const password = await this.passwords.hash(user.password, client);
    return this.transactions.run(async () => {
      if (!(await this.accounts.findById(user.accountId))) {
        throw new DomainError(
          'ACCOUNT_NOT_FOUND',
          `There is no account with id ${user.accountId}.`,
          'account_id',
        );
      }
      await this.checkUnused(user);
      await this.ensureRoles();
      const roles = await this.users.findRoles(user.roles ?? []);
      const missing = user.roles?.find((name) => !roles.some((role) => role.name === name));
      if (missing !== undefined)
        throw new DomainError('ROLE_NOT_FOUND', `There is no role '${missing}'.`, 'roles');
      const { username, email, accountId, timezone = this.settings.timezone } = user;
      const created = await this.users
        .insert({
          username,
          email,
          accountId,
          timezone,
          password,
          roles,
          uniquifier: randomUUID(),
        })
        .catch(toUserExistsError);
      this.events.emit(USER_CREATED, { id: created.id, accountId, roles: roles.map(({ name }) => name) });
      return created;
    });
  }

  private async checkUnused({ email, username, accountId }: NewUser): Promise<void> {
    if (await this.users.findOtherWithEmail(email, null)) {
      throw new DomainError('USER_EXISTS', `A user with email address ${email} already exists.`, 'email');
    }
    const namesakes = await this.users.findByUsername(username);
    if (namesakes.some((user) => user.accountId === accountId)) {
      const message = `A user named '${username}' already exists in this account.`;
      throw new DomainError('USER_EXISTS', message, 'username');
    }
  }
}
