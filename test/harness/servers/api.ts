import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openLogs } from '#lib/logging';
import { openHost } from '#lib/plugins';
import { createServer } from '../../../apps/api/src/create-server';
import { createFlexMeasuresClient, type FlexMeasuresClient } from '../../../openapi/client';
import { checkAnswer } from '../contract/contract';
import { stopProcess, freePort, waitForOutput } from './processes';
import { TEST_SECRET_KEY } from './secret-key';

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

const ROOT = join(__dirname, '..', '..', '..');

/** As `npm start` does. */
const SMALL_HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=40'];

/** A running server. An answer that violates the contract fails the test. */
export interface Api {
  url: string;
  /** Sends a request, with a token and a JSON body if given; a JSON body of the answer is parsed. */
  request: (
    method: string,
    path: string,
    options?: { token?: string; json?: unknown; text?: string },
  ) => Promise<ApiAnswer>;
  /** The published API client. */
  client: (token?: string) => FlexMeasuresClient;
  /** Like the global `fetch`, for requests that `request` and `client` cannot send. */
  fetch: (request: Request) => Promise<Response>;
  logIn: (email: string, password: string) => Promise<string>;
  stop: () => Promise<void>;
}

/** The built HTTP server in a separate process. */
export interface ApiServer extends Api {
  pid: number;
  /** Everything that the server has printed. */
  output: () => string;
  /** Kills the process with SIGKILL. */
  kill: () => Promise<void>;
}

/** Starts a server on a database with these settings. */
export type StartApi<Server extends Api = Api> = (
  databaseUri: string,
  env?: NodeJS.ProcessEnv,
) => Promise<Server>;

const environment = (databaseUri: string, port: number, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  SECRET_KEY: TEST_SECRET_KEY,
  SQLALCHEMY_DATABASE_URI: databaseUri,
  PORT: String(port),
  FLEXMEASURES_LOG_FILE: 'None',
  ...env,
});

/**
 * Starts the built server in this process, which takes a tenth of the processor time of a separate one. It logs nothing
 * unless `env` says so.
 *
 * Use `startApi` for what a process does (its output, its memory, its end), for plugins and settings that apply to a whole
 * process, and if the test waits for a program without giving way to the server (`spawnSync`).
 */
export async function startApiHere(databaseUri: string, env: NodeJS.ProcessEnv = {}): Promise<Api> {
  const port = await freePort();
  const host = openHost(environment(databaseUri, port, { LOGGING_LEVEL: 'CRITICAL', ...env }));
  const logs = openLogs(host.settings);
  const app = await createServer(host, logs);
  await app.init();
  await once(app.getHttpServer().listen(port, host.settings.host), 'listening');
  return {
    ...doorsOf(`http://localhost:${port}`),
    stop: async () => {
      await app.close();
      await logs.close();
    },
  };
}

/** @param folder of the project or the installed package */
export async function startApi(
  databaseUri: string,
  env: NodeJS.ProcessEnv = {},
  folder = ROOT,
): Promise<ApiServer> {
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [...SMALL_HEAP, join(folder, 'dist', 'apps', 'api', 'src', 'main.js')],
    { env: environment(databaseUri, port, env) },
  );
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  await waitForOutput(server, /FlexMeasures is up/);
  const requireRunning = (): void => {
    const { exitCode, signalCode } = server;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`The server has ended (${exitCode ?? signalCode}):\n${output.slice(-4000)}`);
  };
  return {
    ...doorsOf(`http://localhost:${port}`, requireRunning),
    pid: server.pid!,
    output: () => output,
    stop: () => stopProcess(server, 'SIGTERM'),
    kill: () => stopProcess(server, 'SIGKILL'),
  };
}

/** What a test does with a server. @param requireRunning throws if the server has ended */
function doorsOf(url: string, requireRunning = (): void => undefined): Omit<Api, 'stop'> {
  const request: Api['request'] = async (method, path, { token, json, text } = {}) => {
    requireRunning();
    const response = await checkedFetch(
      new Request(url + path, {
        method,
        headers: {
          'Content-Type': 'application/json',
          ...(token === undefined ? {} : { Authorization: token }),
        },
        body: text ?? (json === undefined ? undefined : JSON.stringify(json)),
        redirect: 'manual',
      }),
    );
    const content = await response.text();
    const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && content !== '' ? (JSON.parse(content) as unknown) : content,
    };
  };
  return {
    url,
    request,
    client: (token) => createFlexMeasuresClient({ baseUrl: url, token, fetch: checkedFetch }),
    fetch: checkedFetch,
    logIn: async (email, password) => {
      const { body } = await request('POST', '/api/requestAuthToken', { json: { email, password } });
      return (body as { auth_token: string }).auth_token;
    },
  };
}

/**
 * Sends a request. If it is a GET, and the server has closed the idle connection on which it was sent, it is sent again on
 * a new one, as browsers do.
 */
async function fetchOnOpenConnection(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
    if (request.method !== 'GET' || cause?.code !== 'UND_ERR_SOCKET') throw error;
    return fetch(request);
  }
}

/** Sends a request and checks the answer against the contract. */
async function checkedFetch(request: Request): Promise<Response> {
  const response = await fetchOnOpenConnection(request);
  const { pathname, search } = new URL(request.url);
  checkAnswer({
    method: request.method,
    path: pathname + search,
    status: response.status,
    header: (name) => response.headers.get(name),
    content: await response.clone().text(),
  });
  return response;
}
