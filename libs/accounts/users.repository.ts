import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { PREPARED, Transactions } from '#lib/database';
import { Role, User } from './user.entity';

@Injectable()
export class UsersRepository {
  constructor(private readonly transactions: Transactions) {}

  findById(id: number): Promise<User | null> {
    return this.users.findOne({ where: { id }, relations: { roles: true } });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOne({ where: { email }, relations: { roles: true } });
  }

  findByUsername(username: string): Promise<User | null> {
    return this.users.findOne({ where: { username }, relations: { roles: true } });
  }

  /** With password hash and token mark, for authentication only. */
  findWithSecretsByEmail(email: string): Promise<User | null> {
    return this.withSecrets().where('user.email = :email', { email }).getOne();
  }

  /** With password hash and token mark, for authentication only. */
  findWithSecretsById(id: number): Promise<User | null> {
    return this.withSecrets().where('user.id = :id', { id }).comment(PREPARED).getOne();
  }

  async recordLogin(id: number): Promise<void> {
    await this.transactions.query(
      'UPDATE fm_user SET last_login_at = now(), login_count = login_count + 1 WHERE id = $1',
      [id],
    );
  }

  findByAccount(accountId: number): Promise<User[]> {
    return this.users.find({ where: { accountId }, relations: { roles: true }, order: { id: 'ASC' } });
  }

  insert(
    user: Pick<User, 'email' | 'username' | 'password' | 'uniquifier' | 'accountId' | 'roles' | 'timezone'>,
  ) {
    return this.users.save(this.users.create(user));
  }

  findRoles(names: string[]): Promise<Role[]> {
    return this.transactions.manager.getRepository(Role).findBy({ name: In(names) });
  }

  findAllRoles(): Promise<Role[]> {
    return this.transactions.manager.getRepository(Role).find({ order: { id: 'ASC' } });
  }

  /** Keeps others from referring to a user; to be called in a transaction. */
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

  /** Adds the roles that are not there yet. */
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
