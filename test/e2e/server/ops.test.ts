import { startScene, type Scene } from '../../harness/scenes/api-scene';
import { addUser, emailOf, PASSWORD } from '../../harness/databases/users';

const TOKEN = 'a token for task checks';
const NEVER = '1970-01-01T00:00:00';

describe('Operations for programs of the host', () => {
  let scene: Scene;
  let runner: string;

  beforeAll(async () => {
    scene = await startScene({
      FLEXMEASURES_TASK_CHECK_AUTH_TOKEN: TOKEN,
      MONITOR_FREQUENCY_HOURLY_TASK: '60',
      FLEXMEASURES_MODE: 'demo',
    });
    await addUser(scene.sql, { username: 'runner', accountId: 1, roles: ['task-runner'] });
    runner = await scene.api.logIn(emailOf('runner'), PASSWORD);
  });
  afterAll(() => scene.stop());

  const pathOf = (query: object) =>
    `/api/ops/getLatestTaskRun?${new URLSearchParams(query as Record<string, string>).toString()}`;
  const check = (query: object, token: string | undefined = TOKEN) =>
    scene.api.request('GET', pathOf(query), { token });
  const runOf = (run: object) => ({
    ...{ status: 'ERROR', reason: '', lastrun: NEVER, frequency: 10 },
    ...{ process: 'FlexMeasures', server: 'demo' },
    ...run,
  });

  async function post(fields: Record<string, string>, token = runner, multipart = false) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const response = await scene.api.fetch(
      new Request(`${scene.api.url}/api/ops/postLatestTaskRun`, {
        method: 'POST',
        headers: { Authorization: token },
        body: multipart ? form : new URLSearchParams(fields),
      }),
    );
    const body: unknown = await response.json();
    return { status: response.status, body };
  }

  it('answer a ping without a token', async () => {
    expect(await scene.api.request('GET', '/api/ops/ping')).toMatchObject({
      status: 200,
      body: { message: 'ok', status: 200 },
    });
  });

  it('record runs, of which each replaces the former one', async () => {
    const before = Date.now() - 1000;
    expect(await post({ name: 'hourly_task' })).toEqual({ status: 200, body: { status: 'OK' } });
    const first = await check({ name: 'hourly_task' });
    expect(first).toMatchObject({ status: 200, body: runOf({ status: 'OK', lastrun: expect.anything() as string, frequency: 60 }) }); // prettier-ignore
    const { lastrun } = first.body as { lastrun: string };
    expect(lastrun).toMatch(/\+00:00$/);
    expect(Date.parse(lastrun)).toBeGreaterThan(before);
    expect(Date.parse(lastrun)).toBeLessThanOrEqual(Date.now() + 1000);
    const later = { name: 'hourly_task', status: 'False', datetime: '2026-03-04T12:00:00+01:00' };
    expect(await post(later)).toMatchObject({ status: 200 });
    expect(await check({ name: 'hourly_task' })).toMatchObject({
      status: 200,
      body: runOf({ lastrun: '2026-03-04T11:00:00+00:00', frequency: 60 }),
    });
    const { rows } = await scene.sql.query("SELECT name FROM latest_task_runs WHERE name = 'hourly_task'");
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['2026-03-04 12:00:00', '2026-03-04T12:00:00+00:00'],
    ['2026-03-04T12:00:00.5Z', '2026-03-04T12:00:00.500+00:00'],
  ])('take the time %s as %s, also from a multipart form', async (datetime, lastrun) => {
    expect(await post({ name: 'times', datetime }, runner, true)).toMatchObject({ status: 200 });
    expect(await check({ name: 'times' })).toMatchObject({ body: runOf({ status: 'OK', lastrun }) });
  });

  it.each([
    [{}, 'No task name given.'],
    [{ name: '' }, 'No task name given.'],
    [{ name: 'x'.repeat(81) }, 'name: must be one text of 1 to 80 characters.'],
    [{ name: 'a\0b' }, 'name: must be one text of 1 to 80 characters.'],
    [{ name: 'task', datetime: 'noon' }, 'datetime: "noonZ" is not a valid ISO 8601 datetime.'],
  ])('refuse the run %j with the reason', async (fields, reason) => {
    for (const multipart of [false, true]) {
      if (multipart && Object.keys(fields).length === 0) continue;
      expect(await post(fields as Record<string, string>, runner, multipart)).toEqual({
        status: 400,
        body: { status: 'ERROR', reason },
      });
    }
  });

  it('refuse a body that is no form, and too long forms', async () => {
    const json = await scene.api.request('POST', '/api/ops/postLatestTaskRun', {
      token: runner,
      json: { name: 'task' },
    });
    expect(json).toMatchObject({ status: 400, body: { status: 'ERROR', reason: 'No task name given.' } });
    expect(await post({ name: 'x'.repeat(17_000) })).toMatchObject({ status: 413 });
    expect(await post({ name: 'x'.repeat(17_000) }, runner, true)).toMatchObject({
      status: 400,
      body: { result: 'Rejected' },
    });
  });

  it('record runs only for users with the role task-runner, and for admins', async () => {
    expect(await post({ name: 'task' }, '')).toMatchObject({ status: 401, body: { status: 'UNAUTHORIZED' } });
    for (const person of ['member', 'accountAdmin', 'reader'] as const) {
      expect(await post({ name: 'task' }, scene.tokenOf(person))).toMatchObject({
        status: 403,
        body: { status: 'INVALID_SENDER' },
      });
    }
    expect(await post({ name: 'task' }, TOKEN)).toMatchObject({ status: 401 });
    expect(await post({ name: 'task' }, scene.tokenOf('admin'))).toMatchObject({ status: 200 });
  });

  it('tell the latest run only to programs with the token for task checks', async () => {
    await post({ name: 'secret' });
    const withoutToken = await scene.api.request('GET', pathOf({ name: 'secret' }));
    const reason = 'Not authenticated to check task status.';
    expect(withoutToken).toMatchObject({ status: 401, body: runOf({ reason }) });
    for (const token of ['other', `${TOKEN}x`, runner, scene.tokenOf('admin'), `Bearer ${TOKEN}`]) {
      expect(await check({ name: 'secret' }, token)).toMatchObject({
        status: 403,
        body: runOf({ reason: 'Not authorized to check task status.' }),
      });
    }
  });

  it('say which task has no run', async () => {
    const noName = runOf({ reason: 'No task name given.' });
    expect(await check({})).toMatchObject({ status: 400, body: noName });
    expect(await check({ name: '' })).toMatchObject({ status: 400, body: noName });
    for (const name of ['unknown', 'x'.repeat(300), 'a\0b', "'; DROP TABLE latest_task_runs; --"]) {
      expect(await check({ name })).toMatchObject({
        status: 404,
        body: runOf({ reason: `Task ${name} has no last run time.` }),
      });
    }
  });
});

describe('A server without a token for task checks', () => {
  it('tells nobody the latest run of a task', async () => {
    const scene = await startScene();
    try {
      for (const token of ['None', 'undefined', 'null', 'x', scene.tokenOf('admin')]) {
        const answer = await scene.api.request('GET', '/api/ops/getLatestTaskRun?name=task', { token });
        expect(answer).toMatchObject({ status: 403, body: { status: 'ERROR', server: '' } });
      }
    } finally {
      await scene.stop();
    }
  });
});
