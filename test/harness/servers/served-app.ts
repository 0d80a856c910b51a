import { startApi, type ApiServer } from './api';
import { startTestApp, type TestApp } from './app';
import { TWO_ACCOUNTS, withClient } from '../databases/templates';
import { addUser, emailOf, PASSWORD } from '../databases/users';

/** All domains in the process of the test, and a server on the same database. */
export interface ServedApp {
  app: TestApp;
  api: ApiServer;
  /** Token of an admin. */
  token: string;
  stop: () => Promise<void>;
}

export async function startServedApp(env: NodeJS.ProcessEnv = {}): Promise<ServedApp> {
  const app = await startTestApp({}, { template: TWO_ACCOUNTS });
  await withClient(app.databaseUri, (sql) =>
    addUser(sql, { username: 'admin', accountId: 1, roles: ['admin'] }),
  );
  const api = await startApi(app.databaseUri, env);
  return {
    app,
    api,
    token: await api.logIn(emailOf('admin'), PASSWORD),
    stop: async () => {
      await api.stop();
      await app.close();
    },
  };
}
