import { siteCases } from '../golden/site-case';
import { pickCases } from '../harness/effort';
import { expectCalculatedSchedule, GoldenSites } from '../harness/scenes/golden-sites';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { startServedApp, type ServedApp } from '../harness/servers/served-app';
import { redisSettings, startWorker, type Worker } from '../harness/servers/worker';

describeWithRedis('sites requested through the API, scheduled by a worker on Redis', () => {
  let redis: RedisServer;
  let worker: Worker;
  let served: ServedApp;
  let sites: GoldenSites;

  beforeAll(async () => {
    redis = await startRedis();
    served = await startServedApp(redisSettings(redis.port));
    worker = await startWorker(served.app.databaseUri, redis.port, 'any');
    sites = new GoldenSites(served);
  });
  afterAll(async () => {
    await worker.stop();
    await served.stop();
    await redis.stop();
  });

  it.each(pickCases(siteCases, 5))('$id', async (one) => {
    expectCalculatedSchedule(one, await sites.schedule(one));
  });
});
