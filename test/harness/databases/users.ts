import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { readSettings } from '#lib/config';
import { hashWithBcrypt } from '../../../libs/accounts/passwords/password-hashes';
import { Passwords } from '../../../libs/accounts/passwords/passwords';
import { TEST_SECRET_KEY } from '../servers/secret-key';

export const PASSWORD = 'secret-word';
export const emailOf = (name: string): string => `${name.toLowerCase()}@example.com`;

export interface TestUser {
  username: string;
  accountId: number;
  roles?: readonly string[];
}

/** The lowest cost of bcrypt. The cost of production takes 256 times as long. */
const ROUNDS = 4;

const passwords = (): Passwords => new Passwords(readSettings({ SECRET_KEY: TEST_SECRET_KEY }));

/** The stored hash of a password if SECRET_KEY is TEST_SECRET_KEY, but with the lowest cost. */
export const cheapHash = (password: string): Promise<string> =>
  hashWithBcrypt(passwords()['addPepper'](password), ROUNDS);

/** The stored hash of a password with the cost of production, for tests of the time that checking takes. */
export const fullHash = (password: string): Promise<string> => passwords().hash(password, 'test');

/** Adds a user whose password is PASSWORD; the account and the roles must exist. @returns the id of the user */
export async function addUser(sql: Client, { username, accountId, roles = [] }: TestUser): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO fm_user (email, username, password, fs_uniquifier, account_id)
     VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [emailOf(username), username, await cheapHash(PASSWORD), randomUUID(), accountId],
  );
  const { id } = rows[0]!;
  const given = await sql.query(
    'INSERT INTO roles_users (user_id, role_id) SELECT $1, id FROM role WHERE name = ANY ($2)',
    [id, roles],
  );
  if (given.rowCount !== roles.length)
    throw new Error(`There are not all of these roles: ${roles.join(', ')}`);
  return id;
}
