import { Client } from 'pg';
import { startApi, type ApiServer } from '../servers/api';
import { createTestDatabase } from '../databases/database';
import { TWO_ACCOUNTS } from '../databases/templates';
import { addUser } from '../databases/users';

export { emailOf, PASSWORD } from '../databases/users';

/** A server with users in two accounts, whose names the tests choose. */
export interface PeopleScene {
  api: ApiServer;
  databaseUri: string;
  sql: Client;
  /** Ids of users by name. */
  ids: Record<string, number>;
  /** Ids of user roles by name. */
  roles: Record<string, number>;
  stop: () => Promise<void>;
}

/** Starts a server with the given users: account (1 or 2) and role by name. */
export async function startPeopleScene(
  people: Record<string, [accountId: number, role?: string]>,
  env: NodeJS.ProcessEnv = {},
): Promise<PeopleScene> {
  const database = await createTestDatabase({ template: TWO_ACCOUNTS });
  const sql = new Client(database.uri);
  await sql.connect();
  const ids: Record<string, number> = {};
  for (const [username, [accountId, role]] of Object.entries(people))
    ids[username] = await addUser(sql, { username, accountId, roles: role === undefined ? [] : [role] });
  const { rows } = await sql.query<{ id: number; name: string }>('SELECT id, name FROM role');
  const api = await startApi(database.uri, env);
  return {
    api,
    databaseUri: database.uri,
    sql,
    ids,
    roles: Object.fromEntries(rows.map(({ id, name }) => [name, id])),
    stop: async () => {
      await sql.end();
      await api.stop();
      await database.drop();
    },
  };
}
