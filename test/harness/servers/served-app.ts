import { startApiHere, type Api, type StartApi } from './api';
import { startTestApp, type TestApp } from './app';
import { TWO_ACCOUNTS, withClient } from '../databases/templates';
import { addUser, emailOf, PASSWORD } from '../databases/users';

/** All domains in the process of the test, and a server on the same database. */
export interface ServedApp {
  app: TestApp;
  api: Api;
  /** Token of an admin. */
  token: string;
  stop: () => Promise<void>;
}

/** @param start with which the server is started; `startApi` if it has to run in a process of its own */
export async function startServedApp(
  env: NodeJS.ProcessEnv = {},
  start: StartApi = startApiHere,
): Promise<ServedApp> {
  const app = await startTestApp({}, { template: TWO_ACCOUNTS });
  await withClient(app.databaseUri, (sql) =>
    addUser(sql, { username: 'admin', accountId: 1, roles: ['admin'] }),
  );
  const api = await start(app.databaseUri, env);
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
