import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import {
  containsText,
  findPage,
  PREPARED,
  shiftedNow,
  Transactions,
  type ListPage,
  type PageRequest,
} from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';
import type { AccountPlan } from '../plans/plan.entity';
import { planOfAccount } from '../plans/plan-of-account.sql';
import { isTooLongForEmail, normaliseEmail } from './user-fields';
import { Role, User } from './user.entity';

/** The columns of a user that authentication needs. */
export interface ActiveUserRow {
  id: number;
  username: string;
  account_id: number;
  roles: string[];
  account_roles: string[];
  client_account_ids: number[];
  plan: AccountPlan | null;
}

/** Selects the users to list. */
export interface UserListing extends Pick<PageRequest, 'offset' | 'limit'> {
  includeInactive: boolean;
  /** Users whose name or e-mail address contains one of these texts. */
  terms: readonly string[];
  sortBy?: 'username' | 'email' | 'lastLoginAt' | 'lastSeenAt';
  isDescending?: boolean;
}

export interface UserPage extends ListPage<User> {
  /** Number of users without the search terms. */
  totalUnfiltered: number;
}

export type Secrets = Pick<User, 'password' | 'uniquifier'>;

/** An active user with the roles of user and account: reads one row by primary key and the roles by index. */
const SELECT_ACTIVE = `/* ${PREPARED} */
  SELECT id, username, account_id,
    ARRAY(SELECT role.name FROM roles_users JOIN role ON role.id = role_id WHERE user_id = fm_user.id) AS roles,
    ARRAY(SELECT account_role.name FROM roles_accounts JOIN account_role ON account_role.id = role_id
          WHERE roles_accounts.account_id = fm_user.account_id) AS account_roles,
    ARRAY(SELECT client.id FROM account client WHERE client.consultancy_account_id = fm_user.account_id
          AND EXISTS (SELECT FROM roles_users JOIN role ON role.id = role_id
                      WHERE user_id = fm_user.id AND role.name = 'consultant')) AS client_account_ids,
    ${planOfAccount('fm_user.account_id')} AS plan
  FROM fm_user
  WHERE id = $1 AND active`;

/** Runs for every request. */
const FIND_AUTHENTICATED = `${SELECT_ACTIVE} AND fs_uniquifier = $2
    AND ($3::varchar IS NULL OR NOT EXISTS (SELECT FROM ended_session WHERE ended_session.id = $3))`;

/** Matches the normalised address, and the address as given: old rows may contain upper case. */
const emailMatches = (email: string) => In([normaliseEmail(email), email]);

const preferExactEmail = (found: User[], email: string): User | null =>
  found.find((user) => user.email === email) ?? found[0] ?? null;

@Injectable()
export class UsersRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  findById(id: number): Promise<User | null> {
    return this.users.findOne({ where: { id }, relations: { roles: true } });
  }

  /** The case of the address does not matter. */
  async findByEmail(email: string): Promise<User | null> {
    if (isTooLongForEmail(email)) return null;
    const found = await this.users.find({
      where: { email: emailMatches(email) },
      relations: { roles: true },
    });
    return preferExactEmail(found, email);
  }

  /** Another user than the one with this id, with this normalised address; also finds old rows with upper case. */
  findOtherWithEmail(email: string, id: number | null): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .where('lower(user.email) = :email', { email })
      .andWhere('user.id IS DISTINCT FROM :id', { id })
      .getOne();
  }

  /** The users with this name. Each is in another account. */
  findByUsername(username: string): Promise<User[]> {
    return this.users.find({ where: { username }, relations: { roles: true }, order: { id: 'ASC' } });
  }

  /** Includes the password hash and the uniquifier, for authentication only. */
  async findWithSecretsByEmail(email: string): Promise<User | null> {
    if (isTooLongForEmail(email)) return null;
    const found = await this.withSecrets()
      .where({ email: emailMatches(email) })
      .getMany();
    return preferExactEmail(found, email);
  }

  /** The password hash of the user at a part, from 0 to 1, of all ids; undefined if there are no users. */
  async findPasswordAt(part: number): Promise<string | undefined> {
    const [row] = await this.transactions.select<{ password: string }>(
      `SELECT password FROM fm_user WHERE id > $1::float8 * (SELECT max(id) FROM fm_user) - 1 ORDER BY id LIMIT 1`,
      [part],
    );
    return row?.password;
  }

  /** Includes the password hash and the uniquifier, for authentication only. */
  findWithSecretsById(id: number): Promise<User | null> {
    return this.withSecrets().where({ id }).getOne();
  }

  /** The active user with this id and uniquifier; undefined if there is none or if the session was ended. */
  async findAuthenticated(
    id: number,
    uniquifier: string,
    sessionId: string | null,
  ): Promise<ActiveUserRow | undefined> {
    const [row] = await this.transactions.selectShared<ActiveUserRow>(FIND_AUTHENTICATED, [
      id,
      uniquifier,
      sessionId,
    ]);
    return row;
  }

  /** The active user with this id; undefined if there is none. */
  async findActive(id: number): Promise<ActiveUserRow | undefined> {
    const [row] = await this.transactions.select<ActiveUserRow>(SELECT_ACTIVE, [id]);
    return row;
  }

  async recordLogin(id: number): Promise<void> {
    await this.transactions.query(
      `UPDATE fm_user SET last_login_at = ${shiftedNow('$2')}, last_seen_at = ${shiftedNow('$2')}, login_count = login_count + 1 WHERE id = $1`,
      [id, this.clock.offsetMs],
    );
  }

  /** Records that the user was seen now, unless this was recorded less than a minute ago. */
  async recordSeen(id: number): Promise<void> {
    await this.transactions.query(
      `UPDATE fm_user SET last_seen_at = ${shiftedNow('$2')}
       WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < ${shiftedNow('$2')} - interval '1 minute')`,
      [id, this.clock.offsetMs],
    );
  }

  /** Changes the password if the user still has this uniquifier. @returns whether the password was changed */
  async replacePassword(id: number, uniquifier: string, changed: Secrets): Promise<boolean> {
    const [rows] = await this.transactions.query<unknown[]>(
      `UPDATE fm_user SET password = $3, fs_uniquifier = $4 WHERE id = $1 AND fs_uniquifier = $2 RETURNING id`,
      [id, uniquifier, changed.password, changed.uniquifier],
    );
    return rows !== undefined && rows.length > 0;
  }

  async endSession(id: string, expiresAt: Date): Promise<void> {
    await this.transactions.query(`DELETE FROM ended_session WHERE expires_at < ${shiftedNow('$1')}`, [
      this.clock.offsetMs,
    ]);
    await this.transactions.query('INSERT INTO ended_session VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      id,
      expiresAt,
    ]);
  }

  findByAccount(accountId: number): Promise<User[]> {
    return this.users.find({ where: { accountId }, relations: { roles: true }, order: { id: 'ASC' } });
  }

  /** A page of the users of an account. */
  async findPage(accountId: number, listing: UserListing): Promise<UserPage> {
    const { includeInactive, terms, sortBy = 'id', isDescending = false, offset, limit } = listing;
    const all = { accountId, ...(!includeInactive && { active: true }) };
    const matching = terms.flatMap((term) => [
      { ...all, username: containsText(term) },
      { ...all, email: containsText(term) },
    ]);
    const order = {
      [sortBy]: { direction: isDescending ? 'DESC' : 'ASC', nulls: 'LAST' },
      id: 'ASC',
    } as const;
    const found = await findPage(
      this.users,
      { where: terms.length > 0 ? matching : all, relations: { roles: true }, order },
      { offset, limit },
    );
    return { ...found, totalUnfiltered: terms.length > 0 ? await this.users.countBy(all) : found.total };
  }

  /** Changes columns and roles of a user. */
  async update(id: number, { roles, ...columns }: Partial<User>): Promise<void> {
    if (Object.keys(columns).length > 0)
      await this.users.update({ id }, columns as Parameters<typeof this.users.update>[1]);
    if (roles === undefined) return;
    await this.transactions.query('DELETE FROM roles_users WHERE user_id = $1', [id]);
    await this.transactions.query('INSERT INTO roles_users (user_id, role_id) SELECT $1, unnest($2::int[])', [
      id,
      roles.map((role) => role.id),
    ]);
  }

  insert(
    user: Pick<User, 'email' | 'username' | 'password' | 'uniquifier' | 'accountId' | 'roles' | 'timezone'>,
  ) {
    return this.users.save(this.users.create(user));
  }

  findRoles(names: string[]): Promise<Role[]> {
    return this.transactions.manager.getRepository(Role).findBy({ name: In(names) });
  }

  /** @returns the id; undefined if a role has this name */
  async insertRole(name: string, description: string): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      'INSERT INTO role (name, description) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [name, description],
    );
    return row?.id;
  }

  findRolesById(ids: number[]): Promise<Role[]> {
    return this.transactions.manager.getRepository(Role).findBy({ id: In(ids) });
  }

  findAllRoles(): Promise<Role[]> {
    return this.transactions.manager.getRepository(Role).find({ order: { id: 'ASC' } });
  }

  /** Locks a user, so that no other transaction adds references to it. Call it in a transaction. */
  async lock(id: number): Promise<void> {
    await this.transactions.query('SELECT FROM fm_user WHERE id = $1 FOR UPDATE', [id]);
  }

  /** As `lock`, for all users. */
  async lockAll(): Promise<void> {
    await this.transactions.query('SELECT FROM fm_user ORDER BY id FOR UPDATE');
  }

  async delete(id: number): Promise<void> {
    await this.users.delete({ id });
  }

  async deleteAllRoles(): Promise<void> {
    await this.transactions.query('DELETE FROM role');
  }

  /** Adds the roles that do not exist yet. */
  async ensureRoles(roles: Record<string, string>): Promise<void> {
    const rows = Object.entries(roles).map(([name, description]) => ({ name, description }));
    await this.transactions.manager
      .createQueryBuilder()
      .insert()
      .into(Role)
      .values(rows)
      .orIgnore()
      .execute();
  }

  private withSecrets() {
    return this.users
      .createQueryBuilder('user')
      .addSelect(['user.password', 'user.uniquifier'])
      .leftJoinAndSelect('user.roles', 'role');
  }

  private get users() {
    return this.transactions.manager.getRepository(User);
  }
}
