import { startScene, waitForSchedule, type Person, type Scene } from '../../harness/scenes/api-scene';
import type { ApiAnswer } from '../../harness/servers/api';
import { installPlugin, type TestPlugin } from '../../harness/servers/plugins';
import { addSlowSensor, findOvertakers } from '../../harness/scheduling/slow-jobs';
import { type ApiServer, startApi } from '../../harness/servers/api';

const REQUEST = { start: '2026-03-04T07:00:00+01:00', duration: 'PT1H' };

describe('Jobs of a server without Redis', () => {
  let plugin: TestPlugin;
  let scene: Scene<ApiServer>;
  let sensors: { ours: number; theirs: number };

  beforeAll(async () => {
    plugin = installPlugin();
    scene = await startScene(
      {
        FLEXMEASURES_PLUGINS: plugin.folder,
        FLEXMEASURES_MAX_OPEN_JOBS_PER_ACCOUNT: '220',
        FLEXMEASURES_MAX_OPEN_JOBS_PER_USER: '205',
        FLEXMEASURES_FORECAST_AFTER_DATA: 'True',
      },
      startApi,
    );
    sensors = { ours: await addSlowSensor(scene.sql, 1), theirs: await addSlowSensor(scene.sql, 2) };
  });
  afterAll(async () => {
    await scene.stop();
    plugin.remove();
  });

  const trigger = (sensor: number, person: Person, change: object = {}) =>
    scene.send('POST', `/sensors/${sensor}/schedules/trigger`, { ...REQUEST, ...change }, person);
  const idOf = ({ body }: { body: unknown }) => (body as { schedule: string }).schedule;

  /** Queues many jobs of a user, as far as the server accepts them, while earlier jobs end. @returns the answers */
  async function triggerMany(person: Person, count: number): Promise<ApiAnswer[]> {
    const answers: ApiAnswer[] = [];
    for (let i = 0; i < count; i += 10) {
      const batch = Array.from({ length: Math.min(10, count - i) }, () =>
        trigger(sensors.ours, person, { force_new_job_creation: true }),
      );
      answers.push(...(await Promise.all(batch)));
    }
    return answers;
  }
  const statusesOf = (answers: readonly ApiAnswer[]) => new Set(answers.map(({ status }) => status));
  const refusedOf = (answers: readonly ApiAnswer[]) => answers.find(({ status }) => status === 429)!;

  it('of one account are not delayed by 200 jobs of another one', async () => {
    expect(statusesOf(await triggerMany('member', 200))).toEqual(new Set([200]));
    const id = idOf(await trigger(sensors.theirs, 'stranger'));
    const { rows } = await scene.sql.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM job WHERE account_id = 1 AND state = 'queued' AND queue = 'scheduling'",
    );
    expect(rows[0]!.open).toBeGreaterThan(50);
    const { error } = await waitForSchedule(scene.as('stranger'), id, undefined, sensors.theirs);
    expect(error).toBeUndefined();
    expect((await findOvertakers(scene.sql, id)).length).toBeLessThanOrEqual(3);
  });

  it('are limited per user and per account, and equal ones count once', async () => {
    const answers = await triggerMany('member', 210);
    expect(statusesOf(answers)).toEqual(new Set([200, 429]));
    const refused = refusedOf(answers);
    expect(refused).toMatchObject({
      status: 429,
      body: {
        message:
          'You have 205 jobs waiting or running, and no more are accepted. Try again when some have ended.',
        result: 'Rejected',
        status: 'TOO_MANY_REQUESTS',
      },
    });
    expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
    // Another user of the account has the rest of what the account may have; another account has its own jobs.
    const others = await triggerMany('accountAdmin', 40);
    expect(statusesOf(others)).toEqual(new Set([200, 429]));
    expect(refusedOf(others)).toMatchObject({
      body: { message: expect.stringMatching(/^The account has 220 jobs/) as string },
    });
    expect(await trigger(sensors.theirs, 'stranger', { force_new_job_creation: true })).toMatchObject({
      status: 200,
    });
  });

  it('that follow data are accepted when the account may have no more jobs', async () => {
    expect(statusesOf(await triggerMany('accountAdmin', 40))).toContain(429);
    const values = Array.from({ length: 96 }, (_, i) => i % 5);
    const data = { sensor: sensors.ours, values, start: '2026-03-04T00:00:00Z', duration: 'P1D', unit: 'MW' };
    expect(await scene.send('POST', '/sensors/data', data)).toMatchObject({ status: 200 });
    for (;;) {
      const { rows } = await scene.sql.query<{ account_id: number; is_limited: boolean }>(
        "SELECT account_id, is_limited FROM job WHERE kind = 'forecast' AND payload ->> 'sensorId' = $1",
        [String(sensors.ours)],
      );
      if (rows.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      for (const row of rows) expect(row).toEqual({ account_id: 1, is_limited: false });
      break;
    }
  });

  it('show their deadline while they wait, and fail with it as the reason', async () => {
    const id = idOf(await trigger(sensors.theirs, 'stranger', { start: '2026-03-05T07:00:00+01:00' }));
    const job = async () =>
      (await scene.send('GET', `/jobs/${id}`, undefined, 'stranger')).body as Record<string, string>;
    const { created_at: createdAt, deadline } = await job();
    expect(Date.parse(deadline!) - Date.parse(createdAt!)).toBe(86_400_000);
    await scene.sql.query(
      `UPDATE job SET state = 'queued', deadline = now() + interval '1 hour', run_after = 'infinity' WHERE id = $1`,
      [id],
    );
    const path = `/sensors/${sensors.theirs}/schedules/${id}`;
    expect(await scene.send('GET', path, undefined, 'stranger')).toMatchObject({
      status: 400,
      body: {
        message: `No known schedule for this time period. Scheduling job waiting to be processed. It fails if it has not started by ${(await job())['deadline']}.`,
      },
    });
    await scene.sql.query("UPDATE job SET deadline = now() - interval '1 second' WHERE id = $1", [id]);
    expect(await job()).toMatchObject({
      state: 'failed',
      failure_reason: expect.stringMatching(/^JOB_EXPIRED: .* by its deadline, 20.*Z\./) as string,
    });
    expect(await scene.send('GET', path, undefined, 'stranger')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Scheduling job failed with JOB_EXPIRED: ') as string },
    });
  });
});
