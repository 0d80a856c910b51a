import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Transactions } from '#lib/database';
import { Account, AccountRole } from './account.entity';

@Injectable()
export class AccountsRepository {
  constructor(private readonly transactions: Transactions) {}

  findById(id: number): Promise<Account | null> {
    return this.accounts.findOne({ where: { id }, relations: { accountRoles: true } });
  }

  findByName(name: string): Promise<Account | null> {
    return this.accounts.findOne({ where: { name }, relations: { accountRoles: true } });
  }

  findRoles(names: string[]): Promise<AccountRole[]> {
    return this.transactions.manager.getRepository(AccountRole).findBy({ name: In(names) });
  }

  insert(name: string, accountRoles: AccountRole[]): Promise<Account> {
    return this.accounts.save(this.accounts.create({ name, accountRoles }));
  }

  private get accounts() {
    return this.transactions.manager.getRepository(Account);
  }
}
