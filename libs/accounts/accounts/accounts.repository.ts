import { Injectable } from '@nestjs/common';
import { Any, In } from 'typeorm';
import { literalPattern, Transactions } from '#lib/database';
import type { AccountFields } from './account-fields';
import { Account, AccountRole } from './account.entity';

/** Selects the accounts to list. */
export interface AccountListing {
  /** Accounts whose name contains one of these texts. */
  terms: readonly string[];
  /** Name of an account role. */
  role?: string;
  sortBy?: 'id' | 'name' | 'assets' | 'users';
  isDescending?: boolean;
  offset?: number;
  limit?: number;
}

/** An account with the numbers of its users and assets. */
export interface AccountInList {
  account: Account;
  userCount: number;
  assetCount: number;
}

interface Totals {
  /** Number of accounts that are selected. */
  total: number;
  /** The same without the search terms. */
  totalUnfiltered: number;
}

export interface AccountPage extends Totals {
  items: AccountInList[];
}

interface CountedRow {
  id: number;
  userCount: number;
  assetCount: number;
}

/** The colours of an account, such as `#0f5c73`; null: the usual ones. */
export type AccountColours = Pick<Account, 'primaryColor' | 'secondaryColor'>;

const COUNTED = `
  SELECT account.id,
    (SELECT count(*) FROM fm_user WHERE account_id = account.id)::int AS "userCount",
    (SELECT count(*) FROM generic_asset WHERE account_id = account.id)::int AS "assetCount"
  FROM account`;

const IS_AMONG = '($1::int[] IS NULL OR account.id = ANY($1))';
const HAS_TERM = '($2::text[] IS NULL OR account.name ILIKE ANY($2))';
const HAS_ROLE = `($3::text IS NULL OR EXISTS (
  SELECT FROM roles_accounts JOIN account_role ON account_role.id = role_id
  WHERE roles_accounts.account_id = account.id AND account_role.name = $3))`;
const MATCHES = `${IS_AMONG} AND ${HAS_TERM} AND ${HAS_ROLE}`;

const TOTALS = `
  SELECT count(*) FILTER (WHERE ${HAS_TERM})::int AS total, count(*)::int AS "totalUnfiltered"
  FROM account WHERE ${IS_AMONG} AND ${HAS_ROLE}`;

const ORDERS = { id: 'account.id', name: 'account.name', assets: '"assetCount"', users: '"userCount"' };

const toPattern = (term: string): string => `%${literalPattern(term)}%`;

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

  /** @returns undefined if there is no such account */
  async findColours(id: number): Promise<AccountColours | undefined> {
    const [row] = await this.transactions.select<AccountColours>(
      'SELECT primary_color AS "primaryColor", secondary_color AS "secondaryColor" FROM account WHERE id = $1',
      [id],
    );
    return row;
  }

  async findIds(): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>('SELECT id FROM account ORDER BY id');
    return rows.map(({ id }) => id);
  }

  /** Ids of the accounts whose consultancy this account is. */
  async findClientIds(id: number): Promise<number[]> {
    const rows = await this.transactions.select<{ id: number }>(
      'SELECT id FROM account WHERE consultancy_account_id = $1 ORDER BY id',
      [id],
    );
    return rows.map((row) => row.id);
  }

  /** Ids of the users of an account, or of all users. */
  async findUserIds(accountId?: number): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      'SELECT id FROM fm_user WHERE $1::int IS NULL OR account_id = $1 ORDER BY id',
      [accountId ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** A page of accounts: of those with these ids, or of all. */
  async list(ids: readonly number[] | undefined, listing: AccountListing): Promise<AccountPage> {
    const { terms, role, sortBy = 'id', isDescending, offset = 0, limit = null } = listing;
    const selected = [ids ?? null, terms.length > 0 ? terms.map(toPattern) : null, role ?? null];
    const [totals] = await this.transactions.query<Totals>(TOTALS, selected);
    const direction = isDescending ? 'DESC' : 'ASC';
    const rows = await this.transactions.query<CountedRow>(
      `${COUNTED} WHERE ${MATCHES} ORDER BY ${ORDERS[sortBy]} ${direction}, account.id LIMIT $4 OFFSET $5`,
      [...selected, limit, offset],
    );
    const found = await this.accounts.find({
      where: { id: Any(rows.map(({ id }) => id)) },
      relations: { accountRoles: true },
    });
    const byId = new Map(found.map((account) => [account.id, account]));
    const items = rows.flatMap(({ id, userCount, assetCount }) => {
      const account = byId.get(id);
      return account ? [{ account, userCount, assetCount }] : [];
    });
    return { items, ...totals! };
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

  insert(
    name: string,
    accountRoles: AccountRole[],
    { consultancyAccountId = null }: { consultancyAccountId?: number | null } = {},
  ): Promise<Account> {
    return this.accounts.save(this.accounts.create({ name, accountRoles, consultancyAccountId }));
  }

  /** Changes columns and roles of an account. */
  async update(
    id: number,
    { roles, ...columns }: Partial<AccountFields> & { roles?: AccountRole[] },
  ): Promise<void> {
    if (Object.keys(columns).length > 0)
      await this.accounts.update({ id }, columns as Parameters<typeof this.accounts.update>[1]);
    if (roles === undefined) return;
    await this.transactions.query('DELETE FROM roles_accounts WHERE account_id = $1', [id]);
    await this.transactions.query(
      'INSERT INTO roles_accounts (account_id, role_id) SELECT $1, unnest($2::int[])',
      [id, roles.map((role) => role.id)],
    );
  }

  /** Ends all tokens and sessions of the users of an account, and the links in their mails. Device tokens stay. */
  async endSessions(id: number): Promise<void> {
    await this.transactions.query(
      'UPDATE fm_user SET fs_uniquifier = gen_random_uuid()::text WHERE account_id = $1',
      [id],
    );
  }

  private get roles() {
    return this.transactions.manager.getRepository(AccountRole);
  }

  private get accounts() {
    return this.transactions.manager.getRepository(Account);
  }
}
