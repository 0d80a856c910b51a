import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import {
  ACCOUNT_CREATED,
  ACCOUNT_DELETED,
  ACCOUNT_ROLE_CREATED,
  ACCOUNT_ROLE_DELETED,
  USER_DELETED,
} from '../events/accounts.events';
import { readableAccountIds, type Requester } from '../model';
import { Account, AccountRole } from './account.entity';
import {
  AccountsRepository,
  type AccountColours,
  type AccountListing,
  type AccountPage,
} from './accounts.repository';

export type { AccountColours, AccountInList } from './accounts.repository';

const MAX_ROLE_NAME = 80;
const MAX_DESCRIPTION = 255;

/** Accounts (tenants) and their roles. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  list(): Promise<Account[]> {
    return this.accounts.findAll();
  }

  /**
   * A page of the accounts that the requester can read: the own account, and for consultants their client accounts.
   * @throws DomainError ACCOUNT_ROLE_NOT_FOUND
   */
  async listReadable(requester: Requester, listing: AccountListing): Promise<AccountPage> {
    if (listing.role !== undefined) await this.getRole(listing.role, 'role');
    return this.accounts.list(readableAccountIds(requester), listing);
  }

  /** Ids of the accounts whose consultancy this account is. */
  listClientIds(id: number): Promise<number[]> {
    return this.accounts.findClientIds(id);
  }

  listRoles(): Promise<AccountRole[]> {
    return this.accounts.findAllRoles();
  }

  listByRole(roleName: string): Promise<Account[]> {
    return this.accounts.findByRole(roleName);
  }

  findByName(name: string): Promise<Account | null> {
    return this.accounts.findByName(name);
  }

  /** @returns undefined if there is no such account */
  findColours(id: number): Promise<AccountColours | undefined> {
    return this.accounts.findColours(id);
  }

  /** @throws DomainError ACCOUNT_NOT_FOUND */
  async get(id: number): Promise<Account> {
    const account = await this.accounts.findById(id);
    if (!account) throw new DomainError('ACCOUNT_NOT_FOUND', `There is no account with id ${id}.`, 'id');
    return account;
  }

  /** @throws DomainError ACCOUNT_EXISTS, ACCOUNT_ROLE_NOT_FOUND, ACCOUNT_INVALID */
  create(name: string, roleNames: string[] = []): Promise<Account> {
    if (name.trim() === '' || name.length > 100) {
      throw new DomainError(
        'ACCOUNT_INVALID',
        'The name of an account must have 1 to 100 characters.',
        'name',
      );
    }
    return this.transactions.run(async () => {
      if (await this.accounts.findByName(name)) {
        throw new DomainError('ACCOUNT_EXISTS', `An account named '${name}' already exists.`, 'name');
      }
      const roles = await this.accounts.findRoles(roleNames);
      const missing = roleNames.filter((role) => !roles.some((known) => known.name === role));
      if (missing.length > 0) {
        throw new DomainError('ACCOUNT_ROLE_NOT_FOUND', `There is no account role '${missing[0]}'.`, 'roles');
      }
      const account = await this.accounts.insert(name, roles);
      this.events.emit(ACCOUNT_CREATED, { id: account.id });
      return account;
    });
  }

  /** @throws DomainError ACCOUNT_ROLE_NOT_FOUND; `field` is the field of the name, for the error. */
  async getRole(name: string, field = 'name'): Promise<AccountRole> {
    const [role] = await this.accounts.findRoles([name]);
    if (!role) throw new DomainError('ACCOUNT_ROLE_NOT_FOUND', `There is no account role '${name}'.`, field);
    return role;
  }

  /** @returns the id. @throws DomainError ACCOUNT_ROLE_EXISTS, ACCOUNT_ROLE_INVALID */
  async createRole(name: string, description = ''): Promise<number> {
    if (name.trim() === '' || name.length > MAX_ROLE_NAME) {
      const message = `The name of an account role must have 1 to ${MAX_ROLE_NAME} characters.`;
      throw new DomainError('ACCOUNT_ROLE_INVALID', message, 'name');
    }
    if (description.length > MAX_DESCRIPTION) {
      const message = `The description of an account role must have at most ${MAX_DESCRIPTION} characters.`;
      throw new DomainError('ACCOUNT_ROLE_INVALID', message, 'description');
    }
    return this.transactions.run(async () => {
      const id = await this.accounts.insertRole(name, description);
      if (id === undefined)
        throw new DomainError(
          'ACCOUNT_ROLE_EXISTS',
          `An account role named '${name}' already exists.`,
          'name',
        );
      this.events.emit(ACCOUNT_ROLE_CREATED, { id, name });
      return id;
    });
  }

  /** Deletes a role and removes it from the accounts that have it. @throws DomainError ACCOUNT_ROLE_NOT_FOUND */
  deleteRole(name: string): Promise<void> {
    return this.transactions.run(async () => {
      const { id } = await this.getRole(name);
      const accountIds = (await this.accounts.findByRole(name)).map((account) => account.id);
      await this.accounts.deleteRole(id);
      this.events.emit(ACCOUNT_ROLE_DELETED, { id, name, accountIds });
    });
  }

  /** Locks an account until the current transaction ends, so that nobody else adds users or assets to it. */
  lock(id: number): Promise<void> {
    return this.accounts.lock(id);
  }

  /** Deletes an account with its users. libs/administration removes its assets and their beliefs first. */
  delete(id: number): Promise<void> {
    return this.transactions.run(async () => {
      const users = await this.accounts.findUserIds(id);
      await this.accounts.delete(id);
      this.events.emit(ACCOUNT_DELETED, { ids: [id] });
      if (users.length > 0) this.events.emit(USER_DELETED, { ids: users });
    });
  }

  /** Deletes all accounts, with their users, and all account roles. */
  deleteAll(): Promise<void> {
    return this.transactions.run(async () => {
      const accounts = await this.accounts.findIds();
      const users = await this.accounts.findUserIds();
      const roles = await this.accounts.findAllRoles();
      await this.accounts.deleteAll();
      for (const { id, name } of roles) this.events.emit(ACCOUNT_ROLE_DELETED, { id, name, accountIds: [] });
      if (accounts.length > 0) this.events.emit(ACCOUNT_DELETED, { ids: accounts });
      if (users.length > 0) this.events.emit(USER_DELETED, { ids: users });
    });
  }
}
