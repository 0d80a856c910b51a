import { Client } from 'pg';
import { flexmeasures } from '../servers/cli';
import type { Template } from './database';
import { cheapHash } from './users';

/** Runs a command; throws if it fails. */
export async function command(databaseUri: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await flexmeasures(args, { databaseUri });
  if (code !== 0) throw new Error(`flexmeasures ${args.join(' ')}: ${stderr}`);
}

/**
 * The records of `flexmeasures add toy-account`: account 1 with user 1 (its admin), assets 1 to 3, the power of the
 * battery (sensor 2), and the public market (asset 4) with its prices (sensor 3).
 */
export const TOY_ACCOUNT: Template = {
  name: 'toy_account',
  build: async (uri) => {
    await command(uri, 'add', 'toy-account');
    await withClient(uri, async (sql) => {
      await sql.query('UPDATE fm_user SET password = $1', [await cheapHash(TOY_USER.password)]);
    });
  },
};

/** The records of `flexmeasures add toy-account --kind building`: account 1, assets 1 to 4, sensors 1 to 11. */
export const DEMO_BUILDING: Template = {
  name: 'demo_building',
  build: async (uri) => {
    await command(uri, 'add', 'toy-account', '--kind', 'building');
    await withClient(uri, async (sql) => {
      await sql.query('UPDATE fm_user SET password = $1', [await cheapHash(TOY_USER.password)]);
    });
  },
};

/** The admin of the toy account. */
export const TOY_USER = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };

/** The built-in roles, and the accounts 1, Company, and 2, Other. */
export const TWO_ACCOUNTS: Template = {
  name: 'two_accounts',
  build: async (uri) => {
    await command(uri, 'add', 'initial-structure');
    for (const name of ['Company', 'Other']) await command(uri, 'add', 'account', '--name', name);
  },
};

/** Calls `work` with a new connection to the database. */
export async function withClient<T>(uri: string, work: (sql: Client) => Promise<T>): Promise<T> {
  const sql = new Client(uri);
  await sql.connect();
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
