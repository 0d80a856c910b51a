import { Client } from 'pg';
import { AccountsService, UsersService } from '#lib/accounts';
import { startApi, type ApiServer } from './api';
import { startTestApp } from './app';

export const PASSWORD = 'secret-word';
export const emailOf = (name: string): string => `${name}@example.com`;

/** A server with users in two accounts, named as the tests like. */
export interface PeopleScene {
  api: ApiServer;
  sql: Client;
  /** Ids of users by name. */
  ids: Record<string, number>;
  /** Ids of user roles by name. */
  roles: Record<string, number>;
  stop: () => Promise<void>;
}

/** Starts a server with these users: by name, their account (1 or 2) and role. */
export async function startPeopleScene(
  people: Record<string, [accountId: number, role?: string]>,
  env: NodeJS.ProcessEnv = {},
): Promise<PeopleScene> {
  const app = await startTestApp();
  const users = app.get(UsersService);
  await users.ensureRoles();
  for (const name of ['Company', 'Other']) await app.get(AccountsService).create(name);
  const ids: Record<string, number> = {};
  for (const [username, [accountId, role]] of Object.entries(people)) {
    const roles = role === undefined ? [] : [role];
    const user = { username, email: emailOf(username), password: PASSWORD, accountId, roles };
    ids[username] = (await users.create(user)).id;
  }
  const roles = Object.fromEntries((await users.listRoles()).map(({ id, name }) => [name, id]));
  const sql = new Client(app.databaseUri);
  await sql.connect();
  const api = await startApi(app.databaseUri, env);
  return {
    api,
    sql,
    ids,
    roles,
    stop: async () => {
      await sql.end();
      await api.stop();
      await app.close();
    },
  };
}
