import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import {
  JobHandlers,
  JobHousekeeping,
  JobRunner,
  JobsRepository,
  JobsService,
  type JobFilter,
} from '#lib/queues';
import { SystemClock } from '#lib/time';
import { startTestApp, type TestApp } from '../../harness/servers/app';

const QUEUE = 'scheduling';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('jobs', () => {
  let app: TestApp;
  let service: JobsService;
  let jobs: JobsRepository;
  let runner: JobRunner;
  let sql: Transactions;
  let counter = 0;

  beforeAll(async () => {
    app = await startTestApp();
    [service, jobs, runner] = [app.get(JobsService), app.get(JobsRepository), app.get(JobRunner)];
    sql = app.get(Transactions);
    await sql.query('CREATE TABLE note (job text)');
  });
  afterAll(() => app.close());
  beforeEach(() => sql.query('DELETE FROM job'));

  /** Registers a kind of job that calls `work` and then stores a row. @returns functions to queue a job and count rows */
  function aKind(work: () => Promise<unknown> = () => Promise.resolve()) {
    const kind = `test ${++counter}`;
    app.get(JobHandlers).register(QUEUE, kind, async () => {
      await work();
      return async () => {
        await sql.query('INSERT INTO note VALUES ($1)', [kind]);
        return { kind };
      };
    });
    return {
      enqueue: (payload: unknown = {}) => service.enqueue(QUEUE, kind, payload),
      notes: async () => (await sql.query('SELECT 1 FROM note WHERE job = $1', [kind])).length,
    };
  }

  const claim = async (id: string, worker = 'me') => (await jobs.claimOne(id, worker))!;
  const age = (id: string, column: string, ms: number) =>
    sql.query(`UPDATE job SET ${column} = ${column} - $2 * interval '1 ms' WHERE id = $1`, [id, ms]);
  /** When the next attempt is due, epoch ms. */
  const runAfter = async (id: string): Promise<number> =>
    (
      await sql.query<{ run_after: Date }>('SELECT run_after FROM job WHERE id = $1', [id])
    )[0]!.run_after.getTime();
  const expireLease = (id: string) => age(id, 'lease_until', DAY_MS);

  it('are found by their asset and sensors, by index, however many there are', async () => {
    await sql.query(
      `INSERT INTO job (id, fingerprint, queue, kind, state, payload)
       SELECT gen_random_uuid(), gen_random_uuid(), 'forecasting', 'forecast', 'finished',
         CASE n % 3 WHEN 0 THEN jsonb_build_object('sensorId', n) WHEN 1 THEN jsonb_build_object('assetId', n)
           ELSE jsonb_build_object('flexModel', jsonb_build_array(jsonb_build_object('sensor', n))) END
       FROM generate_series(1000, 21000) n`,
    );
    const { enqueue } = aKind();
    const wanted = [
      await enqueue({ assetId: 3, flexModel: [{ sensor: 77 }] }),
      await enqueue({ sensorId: 5 }),
      await enqueue({ flexModel: [{ sensor: 8 }, { sensor: 6 }] }),
    ];
    for (const other of [{ assetId: 5 }, { sensorId: 3 }, { flexModel: [{ sensor: 3 }] }, {}])
      await enqueue(other);
    await age(wanted[0]!, 'created_at', 2000);
    await age(wanted[1]!, 'created_at', 1000);
    await sql.query('ANALYZE job');
    const whole = async () => {
      const [row] = await sql.query<{ scans: number }>(
        "SELECT seq_scan::int AS scans FROM pg_stat_xact_user_tables WHERE relname = 'job'",
      );
      return row!.scans;
    };
    await sql.run(async () => {
      const before = await whole();
      const found = await service.listAbout(3, [5, 6], 10);
      expect(found.map(({ id }) => id).sort()).toEqual([...wanted].sort());
      expect(await service.listAbout(3, [5, 6], 2)).toHaveLength(2);
      expect((await service.listAbout(99, [], 2)).length).toBe(0);
      const idsOf = async (filter: JobFilter) =>
        (await service.listAbout(3, [5, 6], 1, filter)).map(({ id }) => id);
      expect(await idsOf({ kind: 'other' })).toEqual([]);
      expect(await idsOf({ state: 'finished' })).toEqual([]);
      const [newest] = await service.listAbout(3, [5, 6], 1, { state: 'queued' });
      expect(newest!.id).toBe(wanted[2]);
      expect(await idsOf({ createdBefore: newest!.createdAt })).toEqual([wanted[1]]);
      expect((await whole()) - before).toBe(0);
    });
  });

  it('that went wrong are listed once for each subject, however many others ended', async () => {
    const end = (minutesAgo: number, state: string, payload: object, result: object | null = null) =>
      sql.query(
        `INSERT INTO job (id, fingerprint, queue, kind, state, payload, result, ended_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'scheduling', 'schedule', $1, $2, $3, now() - $4 * interval '1 minute')`,
        [state, JSON.stringify(payload), result && JSON.stringify(result), minutesAgo],
      );
    await end(50, 'failed', { sensorId: 1 });
    await end(40, 'failed', { sensorId: 1 });
    await end(30, 'failed', { sensorId: 2 });
    await end(20, 'finished', { sensorId: 2 });
    await end(15, 'finished', { assetId: 4, flexModel: [{ sensor: 3 }] }, { unresolved: [{ asset: 4 }] });
    await end(99, 'failed', { sensorId: 9 });
    await sql.query(
      `INSERT INTO job (id, fingerprint, queue, kind, state, payload, ended_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'forecasting', 'forecast', 'finished', jsonb_build_object('sensorId', n), now()
       FROM generate_series(1000, 3000) n`,
    );
    const sinceMs = Date.now() - 90 * 60_000;
    const list = async (resultLists: string[]) =>
      (await service.listTroubled({ sinceMs, limit: 10, resultLists })).map(
        ({ state, assetId, sensorIds }) => ({ state, assetId, sensorIds }),
      );
    const failed = { state: 'failed', assetId: null, sensorIds: [1] };
    const broken = { state: 'finished', assetId: 4, sensorIds: [3] };
    expect(await list(['conflicts', 'unresolved'])).toEqual([broken, failed]);
    expect(await list([])).toEqual([failed]);
  });

  describe('requested twice', () => {
    it('are one job, whatever the order of fields', async () => {
      const { enqueue } = aKind();
      const id = await enqueue({ sensorId: 1, flexModel: { socMin: 1, socMax: 2 } });
      expect(await enqueue({ flexModel: { socMax: 2, socMin: 1 }, sensorId: 1 })).toBe(id);
      expect(await enqueue({ sensorId: 2, flexModel: { socMin: 1, socMax: 2 } })).not.toBe(id);
      expect(await service.countByState()).toContainEqual(
        expect.objectContaining({ queue: QUEUE, counts: { queued: 2, started: 0, finished: 0, failed: 0 } }),
      );
    });

    it('are one job if only what does not belong to their identity differs, with the first payload', async () => {
      const at = (moment: number) =>
        service.enqueue(QUEUE, 'any', { sensorId: 1, moment }, { identity: { sensorId: 1 } });
      const id = await at(1);
      expect(await at(2)).toBe(id);
      expect((await service.find(id))!.payload).toEqual({ sensorId: 1, moment: 1 });
    });

    it('are one job when requested at the same time', async () => {
      const { enqueue } = aKind();
      const ids = await Promise.all(Array.from({ length: 20 }, () => enqueue()));
      expect(new Set(ids).size).toBe(1);
    });

    it('are two jobs when forced', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map(() => service.enqueue(QUEUE, 'any', {}, { forceNew: true })),
      );
      expect(new Set(ids).size).toBe(3);
      expect(ids).toContain(await service.enqueue(QUEUE, 'any', {}));
    });

    it('are run again after a failure, and when the result of the first is too old', async () => {
      const { enqueue } = aKind();
      const first = await enqueue();
      await jobs.fail(await claim(first), 'BAD: luck');
      const second = await enqueue();
      expect(second).not.toBe(first);
      await runner.run(await claim(second));
      await age(second, 'ended_at', HOUR_MS / 2);
      expect(await enqueue()).toBe(second);
      await age(second, 'ended_at', HOUR_MS);
      expect(await enqueue()).not.toBe(second);
    });
  });

  describe('that were started', () => {
    it('end with their result, in one transaction', async () => {
      const { enqueue, notes } = aKind();
      const id = await enqueue();
      await runner.run(await claim(id));
      expect(await service.find(id)).toMatchObject({
        state: 'finished',
        result: { kind: expect.anything() as object },
      });
      expect(await notes()).toBe(1);
    });

    it('belong to one worker until its lease expires', async () => {
      const { enqueue, notes } = aKind();
      const id = await enqueue();
      const first = await claim(id, 'first');
      expect(await jobs.claimOne(id, 'second')).toBeUndefined();
      expect(await jobs.claimNext([QUEUE], 'second')).toBeUndefined();
      await expireLease(id);
      const second = (await jobs.claimNext([QUEUE], 'second'))!;
      expect(second).toMatchObject({ id, attempts: 2 });
      // The first attempt continues before and after the second is done, and stores nothing.
      expect(await runner.run(first)).toEqual({ state: 'lost' });
      expect(await runner.run(second)).toMatchObject({ state: 'finished' });
      expect(await runner.run(first)).toEqual({ state: 'lost' });
      expect(await notes()).toBe(1);
      expect(await service.find(id)).toMatchObject({ state: 'finished', worker: 'second' });
    });

    it('are claimed only once', async () => {
      const { enqueue, notes } = aKind();
      for (let i = 0; i < 20; i++) await enqueue({ i });
      const begun = await Promise.all(
        Array.from({ length: 30 }, () => jobs.claimNext([QUEUE], 'one of many')),
      );
      const got = begun.filter((job) => job !== undefined);
      expect(new Set(got.map(({ id }) => id)).size).toBe(20);
      expect(got).toHaveLength(20);
      await Promise.all(got.map((job) => runner.run(job)));
      expect(await notes()).toBe(20);
    });

    it('fail at once with the reason, and store nothing', async () => {
      const { enqueue, notes } = aKind(() => Promise.reject(new DomainError('BAD_LUCK', 'Not today.')));
      const id = await enqueue();
      expect(await runner.run(await claim(id))).toMatchObject({ state: 'failed' });
      expect(await service.find(id)).toMatchObject({
        state: 'failed',
        failureReason: 'BAD_LUCK: Not today.',
      });
      expect(await notes()).toBe(0);
    });

    it('are retried after temporary failures, up to the maximum number of attempts', async () => {
      const broken = (): Promise<never> => Promise.reject(new Error('Connection terminated unexpectedly'));
      const { enqueue } = aKind(broken);
      const id = await enqueue();
      const delays: number[] = [];
      for (let attempt = 1; attempt < 5; attempt++) {
        const claimed = await claim(id);
        const before = Date.now();
        const outcome = await runner.run(claimed);
        expect(await service.find(id)).toMatchObject({ state: 'queued', attempts: attempt });
        if (outcome.state === 'postponed') delays.push(outcome.delayMs);
        expect(await runAfter(id)).toBeGreaterThanOrEqual(before + delays.at(-1)!);
        // However slow this machine is, it is too early.
        await age(id, 'run_after', -HOUR_MS);
        expect(await jobs.claimNext([QUEUE], 'too early')).toBeUndefined();
      }
      expect(delays).toEqual([1000, 2000, 4000, 8000]);
      expect(await runner.run(await claim(id))).toMatchObject({ state: 'failed' });
      expect(await service.find(id)).toMatchObject({
        state: 'failed',
        failureReason: 'UNAVAILABLE: The database was not available in 5 attempts.',
      });
    });

    it('fail when the worker dies in each attempt', async () => {
      const { enqueue, notes } = aKind();
      const id = await enqueue();
      for (let attempt = 1; attempt <= 5; attempt++) {
        await claim(id);
        await expireLease(id);
      }
      await runner.run(await claim(id));
      expect(await service.find(id)).toMatchObject({
        state: 'failed',
        failureReason: 'WORKERS_LOST: The worker died in each of 5 attempts.',
      });
      expect(await notes()).toBe(0);
    });
  });

  it('that wait fail when their queue is cleared', async () => {
    const { enqueue } = aKind();
    const [begun, waiting] = [await enqueue(1), await enqueue(2)];
    await claim(begun);
    expect(await service.clear('forecasting')).toBe(0);
    expect(await service.clear(QUEUE)).toBe(1);
    expect(await service.find(begun)).toMatchObject({ state: 'started' });
    expect(await service.find(waiting)).toMatchObject({
      state: 'failed',
      failureReason: 'QUEUE_CLEARED: the queue was cleared.',
    });
  });

  it('that wait for another attempt can be cancelled separately', async () => {
    const { enqueue } = aKind();
    const [postponed, waiting] = [await enqueue(1), await enqueue(2)];
    await jobs.postpone(await claim(postponed), HOUR_MS);
    expect(await service.clearPostponed('forecasting')).toBe(0);
    expect(await service.clearPostponed(QUEUE)).toBe(1);
    expect(await service.find(postponed)).toMatchObject({ state: 'failed' });
    expect(await service.find(waiting)).toMatchObject({ state: 'queued' });
  });

  it('are deleted only if they have failed', async () => {
    const { enqueue } = aKind();
    const [failed, waiting, finished] = [await enqueue(1), await enqueue(2), await enqueue(3)];
    await jobs.fail(await claim(failed), 'BROKEN: it broke.');
    await runner.run(await claim(finished));
    expect(await service.clearFailed('forecasting')).toBe(0);
    expect(await service.clearFailed(QUEUE)).toBe(1);
    expect(await service.find(failed)).toBeNull();
    expect(await service.find(waiting)).toMatchObject({ state: 'queued' });
    expect(await service.find(finished)).toMatchObject({ state: 'finished' });
  });

  it('wait for at most a day, and can be read for a week', async () => {
    const { enqueue } = aKind();
    const [waiting, ended] = [await enqueue(1), await enqueue(2)];
    await runner.run(await claim(ended));
    await age(waiting, 'deadline', DAY_MS + 1000);
    await age(ended, 'ended_at', 7 * DAY_MS - 60_000);
    const settings = { planningTtlMs: 7 * DAY_MS };
    await new JobHousekeeping(jobs, service, settings, new SystemClock()).cleanUp();
    const failureReason = expect.stringMatching(/^JOB_EXPIRED: /) as string;
    expect(await service.find(waiting)).toMatchObject({ state: 'failed', failureReason });
    expect(await service.find(ended)).toMatchObject({ state: 'finished' });
    await age(ended, 'ended_at', 120_000);
    expect(await service.find(ended)).toBeNull();
    await new JobHousekeeping(
      jobs,
      service,
      { ...settings, planningTtlMs: null },
      new SystemClock(),
    ).cleanUp();
    expect(await jobs.find(ended)).not.toBeNull();
    await new JobHousekeeping(jobs, service, settings, new SystemClock()).cleanUp();
    expect(await jobs.find(ended)).toBeNull();
  });
});
