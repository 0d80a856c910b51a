import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Account } from './account.entity';
import { AccountsRepository } from './accounts.repository';

/** Tenants. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly transactions: Transactions,
  ) {}

  findByName(name: string): Promise<Account | null> {
    return this.accounts.findByName(name);
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
      throw new DomainError('ACCOUNT_INVALID', 'The name of an account has 1 to 100 characters.', 'name');
    }
    return this.transactions.run(async () => {
      if (await this.accounts.findByName(name)) {
        throw new DomainError('ACCOUNT_EXISTS', `An account named '${name}' exists already.`, 'name');
      }
      const roles = await this.accounts.findRoles(roleNames);
      const missing = roleNames.filter((role) => !roles.some((known) => known.name === role));
      if (missing.length > 0) {
        throw new DomainError('ACCOUNT_ROLE_NOT_FOUND', `There is no account role '${missing[0]}'.`, 'roles');
      }
      return this.accounts.insert(name, roles);
    });
  }
}
