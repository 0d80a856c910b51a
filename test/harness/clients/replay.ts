import { createTestDatabase, type Template } from '../databases/database';
import { TOY_ACCOUNT, TOY_USER, withClient } from '../databases/templates';
import { addUser, emailOf, PASSWORD } from '../databases/users';
import { startApiHere, type Api } from '../servers/api';
import { PRICES } from '../scenes/api-scene';
import { fileContent } from './files';
import type { ClientRecording, ClientRequest } from './recording';
import { RecordedIds } from './recorded-ids';

/** Days of the recordings. */
const DAYS = ['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02'];

/** The toy account, with prices for the days of the recordings. */
const TOY_WITH_PRICES: Template = {
  name: 'toy_with_prices',
  from: TOY_ACCOUNT,
  build: async (uri) => {
    await withClient(uri, (sql) => addUser(sql, { username: 'host', accountId: 1, roles: ['admin'] }));
    const api = await startApiHere(uri);
    const { status, body } = await api.request('POST', '/api/v3_0/sensors/data', {
      token: await api.logIn(emailOf('host'), PASSWORD),
      json: {
        sensor: 3,
        values: DAYS.flatMap(() => PRICES),
        start: `${DAYS[0]}T00:00:00+01:00`,
        duration: `P${DAYS.length}D`,
        unit: 'EUR/MWh',
        prior: '2026-11-27T12:00:00+01:00',
      },
    });
    await api.stop();
    if (status !== 200) throw new Error(JSON.stringify(body));
  },
};

export interface ClientReplay {
  /** Sends a recorded request with the ids and the token of this run; waits for the job that it asks for. */
  send: (request: ClientRequest) => Promise<{ status: number; body: unknown }>;
  stop: () => Promise<void>;
}

/** Starts a server with the state that the recordings began with. */
export async function startClientReplay({ user }: Pick<ClientRecording, 'user'>): Promise<ClientReplay> {
  const database = await createTestDatabase({ template: TOY_WITH_PRICES });
  const api = await startApiHere(database.uri);
  const token = user
    ? await api.logIn(emailOf(user), PASSWORD)
    : await api.logIn(TOY_USER.email, TOY_USER.password);
  const ids = new RecordedIds();
  return {
    send: async (request) => {
      const answer = await sendUntilDone(api, () => requestOf(request, api, ids, token));
      if (request.creates !== undefined && answer.status < 300)
        ids.remember(request.path, request.creates, answer.body as Record<string, unknown>);
      return answer;
    },
    stop: async () => {
      await api.stop();
      await database.drop();
    },
  };
}

function requestOf(request: ClientRequest, api: Api, ids: RecordedIds, token: string): Request {
  const { method, path, json, form, files } = request;
  const headers = new Headers({ Authorization: request.token ?? token });
  const text = json === undefined ? undefined : JSON.stringify(ids.inBody(json));
  const body = form || files ? formOf(form, files) : text;
  if (!form && !files) headers.set('Content-Type', 'application/json');
  return new Request(api.url + ids.inPath(path), { method, headers, body, redirect: 'manual' });
}

function formOf(fields: Record<string, string> = {}, files: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, file] of Object.entries(files)) form.append(name, new Blob([fileContent(file)]), file);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** Clients ask again while a job waits or runs: they get 202, or 400 with a message for schedules. */
async function sendUntilDone(api: Api, request: () => Request): Promise<{ status: number; body: unknown }> {
  for (let tries = 0; tries < 2400; tries++) {
    const sent = request();
    const { method } = sent;
    const answer = await api.fetch(sent);
    const text = await answer.text();
    const isWaiting = answer.status === 202 || (answer.status === 400 && /waiting|in progress/.test(text));
    if (method !== 'GET' || !isWaiting)
      return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The job does not end.');
}
