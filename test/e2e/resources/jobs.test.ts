import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiHere } from '../../harness/servers/api';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';

const SCHEDULE =
  'add schedule for-storage --as-job --sensor-id 2 --consumption-price-sensor 3 --start 2026-03-04T07:00+01:00 ' +
  '--duration PT12H --soc-at-start 50%';

/** Jobs without Redis. */
describe('Jobs on the command line', () => {
  let database: TestDatabase;
  let folder: string;
  const run = (line: string): Promise<CliResult> =>
    flexmeasures(line.split(' '), { databaseUri: database.uri, cwd: folder });

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-jobs-'));
    writeFileSync(join(folder, 'prices.csv'), 'Hour,Price\n2026-03-04T06:00Z,1\n2026-03-04T12:00Z,5\n');
    await run('add toy-account');
    await run('add beliefs --sensor-id 3 --source toy-user prices.csv');
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('are queued, listed, removed, and run by the server', async () => {
    const { stdout } = await run(SCHEDULE);
    const first = /^New scheduling job (\S+) has been added to the queue\.\n$/.exec(stdout)?.[1];
    expect(first).toBeDefined();
    expect((await run(SCHEDULE)).stdout).toContain(first);
    expect((await run('jobs show-queues')).stdout).toBe(
      [
        'Queue        Queued  Started  Finished  Failed',
        '-----------  ------  -------  --------  ------',
        'scheduling        1        0         0       0',
        'forecasting       0        0         0       0',
        '',
      ].join('\n'),
    );
    const cleared = await run('jobs clear-queue --queue scheduling');
    expect(cleared.stdout).toBe('Removed 1 job from queue scheduling.\n');
    expect((await run('jobs show-queues')).stdout).toMatch(/^scheduling +0 +0 +0 +1$/m);
    const scheduled = await run('jobs clear-queue --queue scheduling --scheduled');
    expect(scheduled.stdout).toBe('Removed 0 jobs from queue scheduling.\n');

    const second = /job (\S+) has/.exec((await run(SCHEDULE)).stdout)?.[1] ?? '';
    expect(second).not.toBe(first);
    const api = await startApiHere(database.uri);
    try {
      const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
      const state = async (id: string): Promise<unknown> =>
        ((await api.request('GET', `/api/v3_0/jobs/${id}`, { token })).body as { state: unknown }).state;
      while ((await state(second)) !== 'finished') await sleep(50);
      expect(await state(first!)).toBe('failed');
      const forgotten = await run('jobs clear-queue --queue scheduling --failed');
      expect(forgotten.stdout).toBe('Deleted 1 failed job of queue scheduling.\n');
      expect((await run('jobs show-queues')).stdout).toMatch(/^scheduling +0 +0 +1 +0$/m);
    } finally {
      await api.stop();
    }
  });

  it.each([
    ['jobs run-worker --queue scheduling', 'a worker needs a Redis server', spawnFlexmeasures],
    ['jobs run-worker --queue nothing', 'The queues are scheduling and forecasting.'],
    ['jobs clear-queue --queue nothing', 'The queues are scheduling and forecasting.'],
    ['jobs clear-queue --queue scheduling --failed --scheduled', 'cannot be used with option'],
    ['jobs clear-queue', "required option '--queue <queue>"],
    [`${SCHEDULE} --soc-max low`, 'soc-max: Not a valid number or quantity of energy'],
    [SCHEDULE.replace('PT12H', 'twelve'), '--duration'],
  ])('`%s` is rejected', async (line, reason, command = flexmeasures) => {
    const { code, stdout, stderr } = await command(line.split(' '), { databaseUri: database.uri });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^error: [^\n]*\n$/i);
  });
});
