import { Transactions } from '#lib/database';
import { JobRunner, JobsRepository, JobsService, type JobOwner } from '#lib/queues';
import { startTestApp, type TestApp } from '../../harness/servers/app';

const QUEUE = 'scheduling';
const DAY_MS = 86_400_000;

describe('Queues that accounts share', () => {
  let app: TestApp;
  let service: JobsService;
  let jobs: JobsRepository;
  let sql: Transactions;
  let counter = 0;

  beforeAll(async () => {
    app = await startTestApp({ maxOpenJobsPerAccount: 5, maxOpenJobsPerUser: 3 });
    [service, jobs, sql] = [app.get(JobsService), app.get(JobsRepository), app.get(Transactions)];
  });
  afterAll(() => app.close());
  beforeEach(() => sql.query('DELETE FROM job'));

  const enqueue = (accountId: number | null, queue = QUEUE) =>
    service.enqueue(queue, 'any', { accountId, number: ++counter }, { owner: { accountId } });

  async function enqueueMany(accountId: number, count: number): Promise<string[]> {
    const ids = [];
    for (let i = 0; i < count; i++) ids.push(await enqueue(accountId));
    return ids;
  }

  const claim = async () => (await jobs.claimNext([QUEUE], 'worker'))!;
  /** Claims jobs as one worker. @returns the accounts of the jobs */
  async function claimMany(count: number): Promise<number[]> {
    const accounts = [];
    for (let i = 0; i < count; i++)
      accounts.push(((await claim()).payload as { accountId: number }).accountId);
    return accounts;
  }

  it('give the next free worker to an account that comes after many jobs of another one', async () => {
    const first = await enqueueMany(1, 200);
    for (let i = 0; i < 5; i++) expect((await claim()).id).toBe(first[i]);
    const other = await enqueue(2);
    const taken = [(await claim()).id, (await claim()).id];
    expect(taken).toContain(other);
    // The jobs of an account keep their order.
    const rest = [...taken.filter((id) => id !== other), (await claim()).id, (await claim()).id];
    expect(rest).toEqual(first.slice(5, 8));
  });

  it('take a job of each account in turn', async () => {
    await enqueueMany(1, 10);
    await enqueueMany(2, 3);
    await enqueueMany(3, 4);
    expect(await claimMany(9)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
    expect(await claimMany(8)).toEqual([1, 3, 1, 1, 1, 1, 1, 1]);
  });

  it('do not let an account with one new job after another overtake the others', async () => {
    await enqueueMany(1, 10);
    const taken: number[] = [];
    for (let i = 0; i < 10; i++) {
      if (!taken.length || taken.at(-1) === 2) await enqueue(2);
      taken.push(...(await claimMany(1)));
    }
    expect(taken).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });

  it('do not make an account wait for its own jobs that were cleared', async () => {
    await enqueueMany(1, 50);
    await claimMany(1);
    await service.clear(QUEUE);
    await enqueueMany(2, 10);
    await enqueue(1);
    expect(await claimMany(4)).toEqual([2, 2, 1, 2]);
  });

  it('have their own turns', async () => {
    for (let i = 0; i < 20; i++) await enqueue(1, 'forecasting');
    await enqueueMany(2, 2);
    await enqueue(1);
    expect(await claimMany(3)).toEqual([2, 1, 2]);
  });

  it('treat jobs without an account as those of one account', async () => {
    for (let i = 0; i < 5; i++) await enqueue(null);
    await enqueue(1);
    expect(await claimMany(3)).toEqual([null, 1, null]);
  });

  describe('limit open jobs', () => {
    const trigger = (owner: JobOwner, payload: object = { number: ++counter }) =>
      service.enqueue(QUEUE, 'any', payload, { owner, isLimited: true });
    const triggerMany = (owner: JobOwner, count: number) =>
      Promise.allSettled(Array.from({ length: count }, () => trigger(owner)));
    const anyone = (userId: number) => ({ accountId: 1, userId });

    it('of a user, also for concurrent requests', async () => {
      const outcomes = await triggerMany(anyone(1), 10);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      await expect(trigger(anyone(1))).rejects.toMatchObject({
        code: 'TOO_MANY_JOBS',
        message:
          'You have 3 jobs waiting or running, and no more are accepted. Try again when some have ended.',
      });
      expect(await sql.query('SELECT 1 FROM job')).toHaveLength(3);
      await expect(trigger({ accountId: 2, userId: 2 })).resolves.toBeDefined();
    });

    it('of an account, with those that no user asked for', async () => {
      await triggerMany(anyone(1), 3);
      await triggerMany({ accountId: 1 }, 2);
      await expect(trigger(anyone(2))).rejects.toMatchObject({
        code: 'TOO_MANY_JOBS',
        message: expect.stringMatching(/^The account has 5 jobs/) as string,
      });
      await expect(trigger({ accountId: 1 })).rejects.toMatchObject({ code: 'TOO_MANY_JOBS' });
    });

    it('without those that have ended', async () => {
      await triggerMany(anyone(1), 3);
      await jobs.fail(await claim(), 'FAILED: it failed.');
      await expect(trigger(anyone(1))).resolves.toBeDefined();
      await expect(trigger(anyone(1))).rejects.toMatchObject({ code: 'TOO_MANY_JOBS' });
    });

    it('without equal ones, which are reused', async () => {
      const id = await trigger(anyone(1), { same: true });
      await triggerMany(anyone(1), 2);
      for (let i = 0; i < 5; i++) expect(await trigger(anyone(1), { same: true })).toBe(id);
      const again = await Promise.all([1, 2, 3].map(() => trigger({ accountId: 2 }, { other: true })));
      expect(new Set(again).size).toBe(1);
    });

    it('without jobs that follow data, which are never refused', async () => {
      for (let i = 0; i < 8; i++) await enqueue(1, 'forecasting');
      await triggerMany(anyone(1), 3);
      await expect(enqueue(1, 'forecasting')).resolves.toBeDefined();
    });
  });

  describe('merge new work into a job that waits', () => {
    const add = (number: number, key = 'a sensor') =>
      service.enqueue(
        QUEUE,
        'any',
        { numbers: [number] },
        {
          merge: {
            key,
            into: (waiting) => ({ numbers: [...(waiting as { numbers: number[] }).numbers, number] }),
          },
        },
      );
    const payloadOf = async (id: string) => (await service.find(id))!.payload;

    it('for the same key only', async () => {
      const id = await add(1);
      expect(await add(2)).toBe(id);
      expect(await add(3, 'another sensor')).not.toBe(id);
      expect(await payloadOf(id)).toEqual({ numbers: [1, 2] });
    });

    it('but not into a job that has been started', async () => {
      const id = await add(1);
      const claimed = await claim();
      const other = await add(2);
      expect(other).not.toBe(id);
      expect(claimed.payload).toEqual({ numbers: [1] });
      // Its next attempt does the same work.
      await jobs.postpone(claimed, 0);
      expect(await add(3)).toBe(other);
      expect(await payloadOf(id)).toEqual({ numbers: [1] });
    });

    it('without losing work that is added while workers claim jobs', async () => {
      const added: Promise<string>[] = [];
      const done: number[] = [];
      for (let number = 0; number < 60; number++) {
        added.push(add(number));
        if (number % 3 > 0) continue;
        const claimed = await jobs.claimNext([QUEUE], 'worker');
        if (claimed) done.push(...(claimed.payload as { numbers: number[] }).numbers);
      }
      await Promise.all(added);
      for (
        let left = await jobs.claimNext([QUEUE], 'worker');
        left;
        left = await jobs.claimNext([QUEUE], 'worker')
      )
        done.push(...(left.payload as { numbers: number[] }).numbers);
      expect(done.sort((one, other) => one - other)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    });
  });

  describe('fail a job that waits at its deadline', () => {
    const expire = (id: string) =>
      sql.query("UPDATE job SET deadline = now() - interval '1 s' WHERE id = $1", [id]);

    it('when it is read', async () => {
      const id = await enqueue(1);
      const { createdAt, deadline } = (await service.find(id))!;
      expect(deadline.getTime() - createdAt.getTime()).toBe(DAY_MS);
      await expire(id);
      const expired = (await service.find(id))!;
      expect(expired).toMatchObject({
        state: 'failed',
        failureReason: `JOB_EXPIRED: no worker started the job by its deadline, ${expired.deadline.toISOString().slice(0, 19)}Z. Is a worker running?`,
      });
      expect(await jobs.claimOne(id, 'worker')).toBeUndefined();
    });

    it('without starting it', async () => {
      const id = await enqueue(1);
      await expire(id);
      expect(await jobs.claimNext([QUEUE], 'worker')).toBeUndefined();
      expect(await jobs.claimOne(id, 'worker')).toBeUndefined();
      const { payload } = (await jobs.find(id))!;
      const owner = { accountId: 1 };
      expect(await service.enqueue(QUEUE, 'any', payload, { owner })).not.toBe(id);
    });

    it('but not a job that runs', async () => {
      const id = await enqueue(1);
      const claimed = await claim();
      await expire(id);
      expect(await service.failExpired()).toBe(0);
      expect(await service.find(id)).toMatchObject({ state: 'started' });
      await app.get(JobRunner).run(claimed);
      expect(await service.find(id)).toMatchObject({
        state: 'failed',
        failureReason: expect.stringMatching(/^INTERNAL_ERROR/) as string,
      });
    });
  });
});
