import { siteCases } from '../golden/site-case';
import { chosen } from '../harness/effort';
import { expectWorkedOut, GoldenSites } from '../harness/golden-sites';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/redis';
import { startServedApp, type ServedApp } from '../harness/served-app';
import { redisSettings, startWorker, type Worker } from '../harness/worker';

jest.setTimeout(120_000);

describeWithRedis('Site schedules over HTTP, computed by a worker on Redis', () => {
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

  it.each(chosen(siteCases, 5))('match the golden case $id', async (one) => {
    expectWorkedOut(one, await sites.outcome(one));
  });
});
