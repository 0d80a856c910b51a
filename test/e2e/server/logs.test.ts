import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

interface Entry {
  level: string;
  context: string;
  request: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  user?: number;
}

describe('Logs of the server', () => {
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-logs-'));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  /** Runs a server and sends some requests. @returns its log lines, and the token of the requests */
  async function logsWith(name: string, settings: NodeJS.ProcessEnv) {
    const file = join(folder, name);
    const api = await startApi(database.uri, {
      MAIL_SERVER: 'localhost',
      ...settings,
      FLEXMEASURES_LOG_FILE: file,
    });
    const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
    await fetch(`${api.url}/api/v3_0/assets`, {
      headers: { Authorization: token, 'X-Request-ID': 'mine', Cookie: 'session=secret' },
    });
    await fetch(`${api.url}/api/v3_0/sensors?auth_token=${token}`);
    await fetch(`${api.url}/nothing`);
    await api.stop();
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return { text, token };
  }

  const entriesOf = (text: string): Entry[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry)
      .filter(({ context }) => context === 'Http');

  it('contain method, path, status and user of each request, but no secrets', async () => {
    const { text, token } = await logsWith('info.log', { LOGGING_LEVEL: 'INFO' });
    expect(entriesOf(text)).toMatchObject([
      { level: 'INFO', method: 'POST', path: '/api/requestAuthToken', status: 200 },
      { method: 'GET', path: '/api/v3_0/assets', status: 200, request: 'mine', user: 1 },
      { path: '/api/v3_0/sensors?auth_token=[redacted]', status: 200 },
      { path: '/nothing', status: 404 },
    ]);
    for (const { ms } of entriesOf(text)) expect(ms).toBeGreaterThanOrEqual(0);
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/toy-password|session=|secret/);
  });

  it('warn once about deprecated fields, with the user and the endpoint', async () => {
    const file = join(folder, 'deprecated.log');
    const api = await startApi(database.uri, { MAIL_SERVER: 'localhost', FLEXMEASURES_LOG_FILE: file });
    const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
    const json = { start: '2026-03-04T07:00:00+01:00', 'soc-at-start': 0.2, 'soc-unit': 'MWh' };
    for (const fields of [json, json, { start: json.start, 'flex-model': { 'soc-at-start': '0.2 MWh' } }])
      await api.request('POST', '/api/v3_0/sensors/2/schedules/trigger', { token, json: fields });
    await api.stop();
    const warnings = readFileSync(file, 'utf8').trim().split('\n');
    expect(warnings.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        level: 'WARNING',
        msg: 'A request has deprecated fields: endpoint="POST /api/v3_0/sensors/:id/schedules/trigger" client="user 1"',
      },
    ]);
  });

  it('contain no single requests by default, unless requests are profiled', async () => {
    expect((await logsWith('default.log', {})).text).toBe('');
    const { text } = await logsWith('timed.log', { FLEXMEASURES_PROFILE_REQUESTS: 'True' });
    expect(entriesOf(text)).toHaveLength(4);
  });
});
