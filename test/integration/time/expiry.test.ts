import { decode } from 'jsonwebtoken';
import {
  AccountsService,
  AuthenticationService,
  PasswordResets,
  UsersService,
  type SessionPayload,
  type TokenPayload,
} from '#lib/accounts';
import { Transactions } from '#lib/database';
import { defineEvent, Events } from '#lib/events';
import { JobHandlers, JobHousekeeping, JobsRepository, JobsService } from '#lib/queues';
import { LEASE_MS } from '#lib/queues/model';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { eventually } from '../../harness/eventually';
import { TestClock } from '../../harness/test-clock';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
const QUEUE = 'scheduling';
const SOMETHING = defineEvent<{ number: number }>('test.something');

describe('what expires, by a clock that the test moves', () => {
  let app: TestApp;
  let clock: TestClock;
  let jobs: JobsRepository;
  let service: JobsService;
  let sql: Transactions;

  beforeEach(async () => {
    clock = new TestClock();
    app = await startTestApp({ eventRetentionMs: HOUR_MS }, { delivers: true, clock });
    [jobs, service, sql] = [app.get(JobsRepository), app.get(JobsService), app.get(Transactions)];
  });
  afterEach(() => app.close());

  it('fails jobs that nobody has begun within FLEXMEASURES_JOB_TTL, and forgets them after FLEXMEASURES_PLANNING_TTL', async () => {
    const settings = { planningTtlMs: 7 * DAY_MS };
    const housekeeping = new JobHousekeeping(jobs, service, settings, clock);
    const id = await service.enqueue(QUEUE, 'nothing', {});
    clock.advance(DAY_MS - MINUTE_MS);
    await housekeeping.cleanUp();
    expect(await jobs.find(id)).toMatchObject({ state: 'queued' });
    clock.advance(2 * MINUTE_MS);
    await housekeeping.cleanUp();
    expect(await jobs.find(id)).toMatchObject({ state: 'failed' });
    clock.advance(7 * DAY_MS - MINUTE_MS);
    await housekeeping.cleanUp();
    expect(await jobs.find(id)).toMatchObject({ state: 'failed' });
    clock.advance(2 * MINUTE_MS);
    await housekeeping.cleanUp();
    expect(await jobs.find(id)).toBeNull();
  });

  it('repeats housekeeping of jobs each minute', async () => {
    const settings = { planningTtlMs: null };
    const housekeeping = new JobHousekeeping(jobs, service, settings, clock);
    housekeeping.onApplicationBootstrap();
    const id = await service.enqueue(QUEUE, 'nothing', {});
    clock.advance(DAY_MS + 2 * MINUTE_MS);
    await eventually(
      () => jobs.find(id),
      (job) => job?.state === 'failed',
    );
    await housekeeping.beforeApplicationShutdown();
  });

  it('finds jobs that should have been begun, to bring them to Redis again', async () => {
    const id = await service.enqueue(QUEUE, 'nothing', {});
    clock.advance(4000);
    expect(await jobs.findOverdue([QUEUE], 5000, 10)).toEqual([]);
    clock.advance(2000);
    expect(await jobs.findOverdue([QUEUE], 5000, 10)).toEqual([expect.objectContaining({ id })]);
  });

  it('lets others take over a job whose lease has run out', async () => {
    app.get(JobHandlers).register(QUEUE, 'nothing', () => Promise.resolve(() => Promise.resolve(null)));
    const id = await service.enqueue(QUEUE, 'nothing', {});
    const first = (await jobs.claimNext([QUEUE], 'first'))!;
    clock.advance(LEASE_MS / 2);
    expect(await jobs.claimNext([QUEUE], 'second')).toBeUndefined();
    await jobs.renew(first);
    clock.advance(LEASE_MS / 2 + 1000);
    expect(await jobs.claimNext([QUEUE], 'second')).toBeUndefined();
    clock.advance(LEASE_MS);
    expect(await jobs.claimNext([QUEUE], 'second')).toMatchObject({ id, attempts: 2 });
  });

  it('deletes events after FLEXMEASURES_EVENT_RETENTION', async () => {
    const count = async () => (await sql.query("SELECT 1 FROM event WHERE name = 'test.something'")).length;
    const emittedMs = clock.now();
    await sql.run(async () => {
      app.get(Events).emit(SOMETHING, { number: 1 });
      await Promise.resolve();
    });
    // Subscriptions take the event in, which they do in rounds.
    const countUnread = async () => {
      clock.advance(1000);
      const unread = await sql.query(
        `SELECT 1 FROM event, event_position AS reader
         WHERE (event.xid, event.id) > (reader.xid, reader.id) AND name = $1 AND subscription <> '@deleted'`,
        [SOMETHING.name],
      );
      return unread.length;
    };
    await eventually(countUnread, (unread) => unread === 0);
    clock.advance(30 * MINUTE_MS);
    expect(await count()).toBe(1);
    const countLater = () => {
      clock.advance(10 * MINUTE_MS);
      return count();
    };
    await eventually(countLater, (found) => found === 0);
    expect(clock.now() - emittedMs).toBeGreaterThan(HOUR_MS);
  });

  it('ends tokens and sessions', async () => {
    const { id: accountId } = await app.get(AccountsService).create('Company');
    const known = { username: 'me', email: 'me@example.com', password: 'secret-word', accountId, roles: [] };
    await app.get(UsersService).create(known);
    const authentication = app.get(AuthenticationService);
    const user = (await authentication.findByPassword(known.email, known.password, 'client'))!;
    const token = decode(await authentication.issueToken(user)) as unknown as TokenPayload;
    const session = decode(await authentication.openSession(user)) as unknown as SessionPayload;
    for (const payload of [session, token].sort((a, b) => a.exp - b.exp)) {
      clock.advance(payload.exp * 1000 - clock.now() - 1000);
      expect(await authentication.findUserByToken(payload)).toMatchObject({ id: user.id });
      clock.advance(1000);
      expect(await authentication.findUserByToken(payload)).toBeUndefined();
    }
  });

  it('ends links to a new password after SECURITY_RESET_PASSWORD_WITHIN', async () => {
    const { id: accountId } = await app.get(AccountsService).create('Company');
    const known = { username: 'me', email: 'me@example.com', password: 'secret-word', accountId, roles: [] };
    const user = await app.get(UsersService).create(known);
    const resets = app.get(PasswordResets);
    let token = '';
    await resets.sendResetLink(known.email, (given) => {
      token = given;
      return 'https://company.example';
    });
    const { exp } = decode(token) as { exp: number };
    clock.advance(exp * 1000 - clock.now() - 1000);
    expect(await resets.findUserByToken(token)).toMatchObject({ id: user.id });
    clock.advance(1000);
    expect(await resets.findUserByToken(token)).toBeUndefined();
  });
});
