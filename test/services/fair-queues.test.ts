import { startApi } from '../harness/servers/api';
import { startScene, waitForSchedule, type Scene } from '../harness/scenes/api-scene';
import { installPlugin, type TestPlugin } from '../harness/servers/plugins';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { addSlowSensor, findOvertakers } from '../harness/scheduling/slow-jobs';
import { redisSettings, startWorker, type Worker } from '../harness/servers/worker';

const REQUEST = { start: '2026-03-04T07:00:00+01:00', duration: 'PT1H' };

describeWithRedis('Jobs of workers on Redis', () => {
  let plugin: TestPlugin;
  let redis: RedisServer;
  let scene: Scene;
  let worker: Worker;

  beforeAll(async () => {
    plugin = installPlugin();
    redis = await startRedis();
    const env = { FLEXMEASURES_PLUGINS: plugin.folder };
    scene = await startScene({ ...env, ...redisSettings(redis.port) }, startApi);
    worker = await startWorker(scene.databaseUri, redis.port, 'worker', env);
  });
  afterAll(async () => {
    worker.thaw();
    await worker.stop();
    await scene.stop();
    await redis.stop();
    plugin.remove();
  });

  it('of one account are not delayed by 200 jobs of another one', async () => {
    const [ours, theirs] = [await addSlowSensor(scene.sql, 1), await addSlowSensor(scene.sql, 2)];
    const trigger = (sensor: number, person: 'member' | 'stranger') =>
      scene.send(
        'POST',
        `/sensors/${sensor}/schedules/trigger`,
        { ...REQUEST, force_new_job_creation: true },
        person,
      );
    // All jobs must wait when the last one comes, however slow this machine is.
    worker.freeze();
    for (let i = 0; i < 20; i++) {
      const batch = Array.from({ length: 10 }, () => trigger(ours, 'member'));
      for (const answer of await Promise.all(batch)) expect(answer).toMatchObject({ status: 200 });
    }
    const { body } = await trigger(theirs, 'stranger');
    const id = (body as { schedule: string }).schedule;
    const { rows } = await scene.sql.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM job WHERE account_id = 1 AND queue = 'scheduling' AND state = 'queued'",
    );
    expect(rows[0]!.open).toBe(200);
    worker.thaw();
    const { error } = await waitForSchedule(scene.as('stranger'), id, undefined, theirs);
    expect(error).toBeUndefined();
    // Jobs that workers have already taken from Redis may start before it.
    expect((await findOvertakers(scene.sql, id)).length).toBeLessThanOrEqual(8);
  });
});
