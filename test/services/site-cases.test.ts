import { siteCases } from '../golden/site-case';
import { startApi, type ApiServer } from '../harness/api';
import { startTestApp, type TestApp } from '../harness/app';
import { flexmeasures } from '../harness/cli';
import { expectWorkedOut, GoldenSites } from '../harness/golden-sites';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/redis';
import { redisSettings, startWorker, type Worker } from '../harness/worker';

jest.setTimeout(120_000);

describeWithRedis('sites asked for through the API, done by a worker on Redis', () => {
  let app: TestApp;
  let redis: RedisServer;
  let worker: Worker;
  let api: ApiServer;
  let sites: GoldenSites;

  beforeAll(async () => {
    [app, redis] = await Promise.all([startTestApp(), startRedis()]);
    const run = (line: string, input?: string) =>
      flexmeasures(line.split(' '), { databaseUri: app.databaseUri, input });
    await run('add account --name Any');
    await run(
      'add user --username admin --email admin@example.com --account-id 1 --roles admin',
      'secret-word\n',
    );
    worker = await startWorker(app.databaseUri, redis.port, 'any');
    api = await startApi(app.databaseUri, redisSettings(redis.port));
    sites = new GoldenSites(app, api, await api.logIn('admin@example.com', 'secret-word'));
  });
  afterAll(async () => {
    await api.stop();
    await worker.stop();
    await redis.stop();
    await app.close();
  });

  it.each(siteCases)('$id', async (one) => {
    expectWorkedOut(one, await sites.outcome(one));
  });
});
