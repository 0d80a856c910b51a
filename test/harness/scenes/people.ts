import { Client } from 'pg';
import { startApiHere, type Api, type StartApi } from '../servers/api';
import { createTestDatabase } from '../databases/database';
import { TWO_ACCOUNTS } from '../databases/templates';
import { addUser } from '../databases/users';

export { emailOf, PASSWORD } from '../databases/users';

/** A server with users in two accounts, whose names the tests choose. */
export interface PeopleScene<Server extends Api = Api> {
  api: Server;
  databaseUri: string;
  sql: Client;
  /** Ids of users by name. */
  ids: Record<string, number>;
  /** Ids of user roles by name. */
  roles: Record<string, number>;
  stop: () => Promise<void>;
}

type People = Record<string, [accountId: number, role?: string]>;

/**
 * Starts a server with the given users: account (1 or 2) and role by name.
 * @param start with which the server is started; `startApi` if it has to run in a process of its own
 */
export async function startPeopleScene(people: People, env?: NodeJS.ProcessEnv): Promise<PeopleScene>;
export async function startPeopleScene<Server extends Api>(
  people: People,
  env: NodeJS.ProcessEnv,
  start: StartApi<Server>,
): Promise<PeopleScene<Server>>;
export async function startPeopleScene(
  people: People,
  env: NodeJS.ProcessEnv = {},
  start: StartApi = startApiHere,
): Promise<PeopleScene> {
  const database = await createTestDatabase({ template: TWO_ACCOUNTS });
  const sql = new Client(database.uri);
  await sql.connect();
  const ids: Record<string, number> = {};
  for (const [username, [accountId, role]] of Object.entries(people))
    ids[username] = await addUser(sql, { username, accountId, roles: role === undefined ? [] : [role] });
  const { rows } = await sql.query<{ id: number; name: string }>('SELECT id, name FROM role');
  const api = await start(database.uri, env);
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
