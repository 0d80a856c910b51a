import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { containsText, findPage, Transactions, type ListPage, type PageRequest } from '#lib/database';
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

  findAll(): Promise<Account[]> {
    return this.accounts.find({ relations: { accountRoles: true }, order: { id: 'ASC' } });
  }

  async findIds(): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>('SELECT id FROM account ORDER BY id');
    return rows.map(({ id }) => id);
  }

  /** Ids of the users of an account, or of all users. */
  async findUserIds(accountId?: number): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      'SELECT id FROM fm_user WHERE $1::int IS NULL OR account_id = $1 ORDER BY id',
      [accountId ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** One account or all accounts, ordered by id. */
  list(id: number | undefined, listing: PageRequest): Promise<ListPage<Account>> {
    const where = {
      ...(id !== undefined && { id }),
      ...(listing.filter !== undefined && { name: containsText(listing.filter) }),
    };
    return findPage(
      this.accounts,
      { where, relations: { accountRoles: true }, order: { id: 'ASC' } },
      listing,
    );
  }

  findByRole(roleName: string): Promise<Account[]> {
    return this.accounts.find({ where: { accountRoles: { name: roleName } }, order: { id: 'ASC' } });
  }

  findRoles(names: string[]): Promise<AccountRole[]> {
    return this.roles.findBy({ name: In(names) });
  }

  findAllRoles(): Promise<AccountRole[]> {
    return this.roles.find({ order: { id: 'ASC' } });
  }

  /** @returns the id, or undefined if a role with this name exists. */
  async insertRole(name: string, description: string): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      'INSERT INTO account_role (name, description) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [name, description],
    );
    return row?.id;
  }

  /** Also removes the role from the accounts that have it. */
  async deleteRole(id: number): Promise<void> {
    await this.roles.delete({ id });
  }

  /** Locks an account, so that no other transaction adds users or assets to it. Call it in a transaction. */
  async lock(id: number): Promise<void> {
    await this.transactions.query('SELECT FROM account WHERE id = $1 FOR UPDATE', [id]);
  }

  /** Also deletes its users and assets. */
  async delete(id: number): Promise<void> {
    await this.accounts.delete({ id });
  }

  /** Deletes all accounts and account roles. */
  async deleteAll(): Promise<void> {
    await this.transactions.query('DELETE FROM account');
    await this.transactions.query('DELETE FROM account_role');
  }

  insert(name: string, accountRoles: AccountRole[]): Promise<Account> {
    return this.accounts.save(this.accounts.create({ name, accountRoles }));
  }

  private get roles() {
    return this.transactions.manager.getRepository(AccountRole);
  }

  private get accounts() {
    return this.transactions.manager.getRepository(Account);
  }
}
