import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { flexmeasures } from '../harness/servers/cli';
import { eventually } from '../harness/eventually';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { startWorker, type Worker } from '../harness/servers/worker';

describeWithRedis('A worker on the embedded database', () => {
  let home: string;
  let postgres: EmbeddedPostgres;
  let redis: RedisServer;
  let worker: Worker | undefined;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-home-'));
    postgres = new EmbeddedPostgres(home);
    redis = await startRedis();
    const { code } = await flexmeasures(['db', 'upgrade'], { cwd: home, env: { FLEXMEASURES_HOME: home } });
    expect(code).toBe(0);
  });

  afterAll(async () => {
    await worker?.stop();
    postgres.stop();
    await redis.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('starts the database again, on the same port, after it was killed or stopped', async () => {
    const env = { FLEXMEASURES_HOME: home, SQLALCHEMY_DATABASE_URI: '' };
    worker = await startWorker('', redis.port, 'worker', env);
    const uri = postgres.findRunningUri();
    for (const end of [() => process.kill(postgres.processId()!, 'SIGKILL'), () => postgres.stop()]) {
      const pid = postgres.processId();
      end();
      await eventually(
        () => ({ now: postgres.processId(), output: worker?.output() }),
        ({ now }) => now !== undefined && now !== pid,
      );
      expect(postgres.findRunningUri()).toBe(uri);
    }
  });
});
