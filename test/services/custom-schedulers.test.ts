import { setTimeout as sleep } from 'node:timers/promises';
import type { Requester } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { FinishedSchedules } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { anAsset, aSensor } from '../harness/databases/factories';
import { installPlugin, type TestPlugin } from '../harness/servers/plugins';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { startServedApp, type ServedApp } from '../harness/servers/served-app';
import { redisSettings, startWorker, type Worker } from '../harness/servers/worker';
import { startApi } from '../harness/servers/api';

const ADMIN: Requester = { id: 1, accountId: 1, roles: ['admin'] };

describeWithRedis('Custom schedulers', () => {
  let served: ServedApp;
  let redis: RedisServer;
  let plugin: TestPlugin;
  let worker: Worker | undefined;

  beforeAll(async () => {
    redis = await startRedis();
    plugin = installPlugin();
    served = await startServedApp(
      { ...redisSettings(redis.port), FLEXMEASURES_PLUGINS: plugin.folder },
      startApi,
    );
  });

  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
  });

  afterAll(async () => {
    await served.stop();
    await redis.stop();
    plugin.remove();
  });

  /** Has a schedule made for a new sensor whose asset names the scheduler. */
  async function scheduled(): Promise<Record<string, unknown>> {
    const { app, api, token } = served;
    const scheduler = { module: 'our_client', class: 'DummyScheduler' };
    const asset = await anAsset(app, { attributes: { capacity_in_mw: 2 } });
    // Without the check of the class, because the test process loads no plugins.
    await app.get(AssetsService).setAttributes(asset.id, { 'custom-scheduler': scheduler });
    const sensor: Sensor = await aSensor(app, { asset, eventResolutionMs: 3_600_000 });
    const path = `/api/v3_0/sensors/${sensor.id}/schedules/trigger`;
    const json = { start: '2026-03-04T00:00:00Z', duration: 'PT3H' };
    const { body } = await api.request('POST', path, { token, json });
    const id = (body as { schedule: string }).schedule;
    for (;;) {
      const state = await app.get(FinishedSchedules).find(sensor, id, ADMIN);
      if (state.state !== 'queued' && state.state !== 'started') return state;
      await sleep(50);
    }
  }

  it('run in workers with the plugin', async () => {
    worker = await startWorker(served.app.databaseUri, redis.port, 'ours', {
      FLEXMEASURES_PLUGINS: plugin.folder,
    });
    expect(await scheduled()).toMatchObject({
      state: 'finished',
      schedule: { values: Float64Array.of(2, 2, 2), notes: [] },
    });
  });

  it('fail with a reason in workers without the plugin', async () => {
    worker = await startWorker(served.app.databaseUri, redis.port, 'theirs');
    expect(await scheduled()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('PLUGIN_NOT_FOUND') as string,
    });
  });
});
