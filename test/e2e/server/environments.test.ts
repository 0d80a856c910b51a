import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';

const SERVER = join(__dirname, '..', '..', '..', 'dist', 'apps', 'api', 'src', 'main.js');

describe('Environments and settings', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'environments-'));
    mkdirSync(join(folder, 'instance'));
    writeFileSync(
      join(folder, 'instance', 'flexmeasures.cfg'),
      'FLEXMEASURES_PLATFORM_NAM = "x"\nMAIL_PASSWORD = "of the mail"\nFLEXMEASURES_LP_SOLVER = "cbc"\n',
    );
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  describe('in production', () => {
    let api: ApiServer;
    beforeAll(async () => {
      api = await startApi(database.uri, { FLASK_ENV: 'production', FLEXMEASURES_LP_SOLVER: 'cbc' });
    });
    afterAll(() => api.stop());

    const ask = (path: string, init: RequestInit = {}) =>
      fetch(api.url + path, { redirect: 'manual', ...init });

    it('readers are sent to HTTPS', async () => {
      const answer = await ask('/assets?page=2');
      expect([answer.status, answer.headers.get('location')]).toEqual([
        308,
        `${api.url.replace('http:', 'https:')}/assets?page=2`,
      ]);
    });

    it('requests that change something are refused without HTTPS', async () => {
      const answer = await ask('/api/requestAuthToken', { method: 'POST', body: '{}' });
      expect([answer.status, await answer.json()]).toEqual([
        403,
        expect.objectContaining({ message: 'This server only accepts HTTPS.' }),
      ]);
    });

    it('requests that came to a proxy by HTTPS, and the health check, are answered', async () => {
      const headers = { 'X-Forwarded-Proto': 'https' };
      expect((await ask('/login', { headers })).status).toBe(200);
      expect((await ask('/login', { headers: { 'X-Forwarded-Proto': 'http, https' } })).status).toBe(308);
      expect((await ask('/api/v3_0/health/ready')).status).toBe(200);
    });

    it('the start says what is missing and what has no effect', () => {
      expect(api.output()).toMatch(/Not set: MAIL_SERVER \(no mail is sent\), FLEXMEASURES_REDIS_URL/);
      expect(api.output()).toContain(
        'Warning: Setting FLEXMEASURES_LP_SOLVER has no effect: schedules are solved by HiGHS, which is included.\n',
      );
    });
  });

  it('a server in production does not start without a key, and says where it looked', async () => {
    const server = spawn(process.execPath, [SERVER], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        FLASK_ENV: 'production',
        SQLALCHEMY_DATABASE_URI: database.uri,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    server.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(server, 'exit')) as [number];
    expect(code).toBe(1);
    expect(printed).toContain('Setting SECRET_KEY: needed in the environment "production" and not set.');
    expect(printed).toContain(`The config file is ${join(folder, 'instance', 'flexmeasures.cfg')}.`);
    expect(printed).toContain('openssl rand -hex 32');
  });

  it('show config says where values come from, masks secrets, and finds typing errors', async () => {
    writeFileSync(join(folder, '.env'), 'FLEXMEASURES_MODE=play\n');
    const { stdout } = await flexmeasures(['show', 'config'], {
      cwd: folder,
      databaseUri: 'postgresql://me:hidden@host/db',
      env: { HOME: folder },
    });
    const file = join(folder, 'instance', 'flexmeasures.cfg');
    expect(stdout).toContain(`The config file is ${file}.`);
    expect(stdout).toMatch(/FLEXMEASURES_MODE +play +\S+\.env/);
    expect(stdout).toMatch(/MAIL_PASSWORD +\*{8} +\S+flexmeasures\.cfg/);
    expect(stdout).toMatch(/SQLALCHEMY_DATABASE_URI +postgresql:\/\/me:\*{8}@host\/db +environment/);
    expect(stdout).not.toMatch(/hidden|of the mail/);
    expect(stdout).toContain('did you mean FLEXMEASURES_PLATFORM_NAME?');
    const { stdout: all } = await flexmeasures(['show', 'config', '--all'], {
      cwd: folder,
      env: { HOME: folder },
    });
    expect(all).toMatch(/FLEXMEASURES_TIMEZONE +default/);
  });
});
