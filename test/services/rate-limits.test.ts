import { startApiHere, type Api } from '../harness/servers/api';
import { startScene, type Scene } from '../harness/scenes/api-scene';
import { askRedis, describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { redisSettings } from '../harness/servers/worker';

const PASSWORD = 'a password of Redis';
const DATABASE = 3;

describeWithRedis('Rate limits on Redis', () => {
  let redis: RedisServer;
  let scene: Scene;
  let second: Api;

  beforeAll(async () => {
    redis = await startRedis(undefined, PASSWORD);
    const env = {
      ...redisSettings(redis.port),
      FLEXMEASURES_REDIS_PASSWORD: PASSWORD,
      FLEXMEASURES_REDIS_DB_NR: String(DATABASE),
      FLEXMEASURES_TRUST_PROXY: 'True',
      FLEXMEASURES_API_DEFAULT_RATE_LIMIT: '20 per hour',
    };
    scene = await startScene(env);
    second = await startApiHere(scene.databaseUri, env);
  });
  afterAll(async () => {
    await second.stop();
    await scene.stop();
  });

  const ping = async ({ url, fetch }: Api, from: string): Promise<number> => {
    const headers = { 'X-Forwarded-For': from };
    return (await fetch(new Request(`${url}/api/ops/ping`, { headers }))).status;
  };

  it('are shared by all servers, and apply to each one while Redis is down', async () => {
    const servers = [scene.api, second];
    for (let i = 0; i < 20; i++) expect(await ping(servers[i % 2]!, '192.0.2.1')).toBe(200);
    expect([await ping(scene.api, '192.0.2.1'), await ping(second, '192.0.2.1')]).toEqual([429, 429]);
    // The counts are where the settings say.
    const [isLoggedIn, , others, , counts] = await askRedis(
      redis,
      `AUTH "${PASSWORD}"`,
      'SELECT 0',
      'DBSIZE',
      `SELECT ${DATABASE}`,
      'DBSIZE',
    );
    expect([isLoggedIn, others]).toEqual(['+OK', ':0']);
    expect(Number(counts?.slice(1))).toBeGreaterThan(0);
    await redis.stop();
    for (const server of servers) {
      for (let i = 0; i < 20; i++) expect(await ping(server, '192.0.2.2')).toBe(200);
      expect(await ping(server, '192.0.2.2')).toBe(429);
    }
  });
});
