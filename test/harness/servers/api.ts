import { spawn } from 'node:child_process';
import { join } from 'node:path';
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

/** The built HTTP server in a separate process. An answer that violates the contract fails the test. */
export interface ApiServer {
  pid: number;
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
  /** Everything that the server has printed. */
  output: () => string;
  stop: () => Promise<void>;
  /** Kills the process with SIGKILL. */
  kill: () => Promise<void>;
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
    {
      env: {
        ...process.env,
        SECRET_KEY: TEST_SECRET_KEY,
        SQLALCHEMY_DATABASE_URI: databaseUri,
        PORT: String(port),
        FLEXMEASURES_LOG_FILE: 'None',
        ...env,
      },
    },
  );
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  await waitForOutput(server, /FlexMeasures is up/);
  const url = `http://localhost:${port}`;
  const request: ApiServer['request'] = async (method, path, { token, json, text } = {}) => {
    const { exitCode, signalCode } = server;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`The server has ended (${exitCode ?? signalCode}):\n${output.slice(-4000)}`);
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
    pid: server.pid!,
    url,
    request,
    client: (token) => createFlexMeasuresClient({ baseUrl: url, token, fetch: checkedFetch }),
    fetch: checkedFetch,
    logIn: async (email, password) => {
      const { body } = await request('POST', '/api/requestAuthToken', { json: { email, password } });
      return (body as { auth_token: string }).auth_token;
    },
    output: () => output,
    stop: () => stopProcess(server, 'SIGTERM'),
    kill: () => stopProcess(server, 'SIGKILL'),
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
