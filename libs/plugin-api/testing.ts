// The module `flexmeasures/testing` for tests of plugins, with any test runner. It starts the built programs.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test app is started with. */
export interface TestAppOptions {
  /** Folders, files or packages, as in FLEXMEASURES_PLUGINS. */
  plugins: readonly string[];
  /** Settings as environment variables. */
  settings?: Readonly<Record<string, string>>;
}

/** A user of a test app. */
export interface TestUser {
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** A user to add. */
export interface NewTestUser {
  email: string;
  /** User roles. */
  roles?: readonly string[];
  /** Roles of the user's account, which is added. */
  accountRoles?: readonly string[];
}

/** An answer. JSON is also parsed. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface TestRequest {
  /** The user who sends it; nobody by default. */
  as?: TestUser;
  /** Sent as JSON. */
  json?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server with plugins on a throw-away database. */
export interface TestApp {
  readonly url: string;
  get(path: string, request?: Omit<TestRequest, 'json'>): Promise<TestAnswer>;
  request(method: string, path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Adds a user with an account of its own. */
  addUser(user: NewTestUser): Promise<TestUser>;
  /** Runs `flexmeasures` with these arguments. */
  command(...args: string[]): Promise<CommandResult>;
  /** Everything that the server has printed. */
  output(): string;
  /** Ends the server and removes the database. */
  stop(): Promise<void>;
}

const APPS = join(__dirname, '..', '..', 'apps');
const API = join(APPS, 'api', 'src', 'main.js');
const CLI = join(APPS, 'cli', 'src', 'main.js');

/**
 * Starts a server with plugins on a throw-away database: an embedded PostgreSQL in a temporary folder, or the empty database that
 * SQLALCHEMY_TEST_DATABASE_URI in the environment names.
 * @throws Error with what the server printed if it does not start
 */
export async function startTestApp({ plugins, settings = {} }: TestAppOptions): Promise<TestApp> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-test-'));
  const port = await freePort();
  const uri = process.env['SQLALCHEMY_TEST_DATABASE_URI'];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ FLEXMEASURES_HOME: home, FLEXMEASURES_LOG_FILE: 'None', FLEXMEASURES_ENV: 'testing' },
    // Whatever the environment and the config file of the developer say: jobs run in the server, and nobody gets mail.
    ...{ FLEXMEASURES_REDIS_URL: '', MAIL_SERVER: '' },
    ...{ FLEXMEASURES_PLUGINS: JSON.stringify(plugins), SECRET_KEY: randomBytes(32).toString('hex') },
    ...{ HOST: '127.0.0.1', PORT: String(port) },
    ...(uri === undefined ? { SQLALCHEMY_DATABASE_URI: '' } : { SQLALCHEMY_DATABASE_URI: uri }),
    ...settings,
  };
  const command = (args: readonly string[], input?: string) => run(args, env, input);
  const stopDatabase = async () => {
    if (uri === undefined) await command(['db', 'stop']);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    if (uri !== undefined) expectSuccess(await command(['db', 'upgrade']));
    const server = new Server(env);
    await server.started;
    return appOf(`http://127.0.0.1:${port}`, server, command, stopDatabase);
  } catch (error) {
    await stopDatabase();
    throw error;
  }
}

function appOf(
  url: string,
  server: Server,
  command: (args: readonly string[], input?: string) => Promise<CommandResult>,
  stopDatabase: () => Promise<void>,
): TestApp {
  let users = 0;
  const request = async (method: string, path: string, { as, json, headers }: TestRequest = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as && { Authorization: as.token }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? undefined : JSON.stringify(json),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const parsed: unknown = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json: parsed };
  };
  return {
    url,
    request,
    get: (path, options) => request('GET', path, options),
    command: (...args) => command(args),
    output: () => server.output,
    addUser: async ({ email, roles = [], accountRoles = [] }) => {
      // A role that exists is no problem.
      for (const role of accountRoles) await command(['add', 'account-role', '--name', role]);
      for (const role of roles) await command(['roles', 'create', role]);
      const password = randomBytes(12).toString('hex');
      const name = `Account ${++users} of ${email}`;
      const ofAccount = accountRoles.length > 0 ? ['--roles', accountRoles.join(',')] : [];
      const added = expectSuccess(await command(['add', 'account', '--name', name, ...ofAccount]));
      const [, account = ''] = /ID: (\d+)/.exec(added.stdout) ?? [];
      const ofUser = roles.length > 0 ? ['--roles', roles.join(',')] : [];
      const username = `user-${users}`;
      const fields = ['--username', username, '--email', email, '--account-id', account, ...ofUser];
      expectSuccess(await command(['add', 'user', ...fields], `${password}\n`));
      const { json } = await request('POST', '/api/requestAuthToken', { json: { email, password } });
      return { email, password, token: (json as { auth_token: string }).auth_token };
    },
    stop: async () => {
      await server.stop();
      await stopDatabase();
    },
  };
}

/** The server in a process of its own. */
class Server {
  output = '';
  /** Resolves when it listens. */
  readonly started: Promise<void>;
  private readonly child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [API], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.started = new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.output += chunk.toString();
        if (this.output.includes('FlexMeasures is up')) resolve();
      };
      this.child.stdout!.on('data', read);
      this.child.stderr!.on('data', read);
      this.child.once('error', reject);
      this.child.once('exit', () => reject(new Error(`The server has ended:\n${this.output}`)));
    });
  }

  stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
    child.stdin!.end(input);
  });
}

function expectSuccess(result: CommandResult): CommandResult {
  if (result.code === 0) return result;
  throw new Error(`A command has failed: ${result.stderr}${result.stdout}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
