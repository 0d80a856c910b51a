import { decode } from 'jsonwebtoken';
import {
  AccountsService,
  AuthenticationService,
  EndedSessions,
  UserManagement,
  UsersService,
  type SessionPayload,
  type TokenPayload,
  type User,
} from '#lib/accounts';
import { Transactions } from '#lib/database';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { eventually } from '../../harness/eventually';

const PASSWORD = 'secret-word';
const CLIENT = '192.0.2.1';

describe('authentication', () => {
  let app: TestApp;
  let authentication: AuthenticationService;
  let user: User;

  beforeAll(async () => {
    app = await startTestApp();
    authentication = app.get(AuthenticationService);
    await app.get(Transactions).query(`INSERT INTO account_role (name) VALUES ('MDC')`);
    const account = await app.get(AccountsService).create('Company', ['MDC']);
    const created = await app.get(UsersService).create({
      username: 'me',
      email: ' Me@Example.com ',
      password: PASSWORD,
      accountId: account.id,
      roles: ['account-admin'],
    });
    user = (await authentication.findByPassword('me@example.com', PASSWORD, CLIENT))!;
    expect(user.id).toBe(created.id);
  });
  afterAll(() => app.close());

  const tokenPayload = async () => decode(await authentication.issueToken(user)) as unknown as TokenPayload;
  const sessionPayload = async () =>
    decode(await authentication.openSession(user)) as unknown as SessionPayload;

  it('accepts the address in any case, and only the right password', async () => {
    expect(user.email).toBe('me@example.com');
    expect(await authentication.findByPassword('ME@EXAMPLE.COM', PASSWORD, CLIENT)).toMatchObject({
      id: user.id,
    });
    expect(await authentication.findByPassword('me@example.com', `${PASSWORD}x`, CLIENT)).toBeUndefined();
    expect(await authentication.findByPassword('me\0@example.com', PASSWORD, CLIENT)).toBeUndefined();
  });

  it('takes as long without a user as with the hash of some user, of any kind', async () => {
    const transactions = app.get(Transactions);
    const [kept] = await transactions.query<{ password: string }>('SELECT password FROM fm_user');
    const setHash = (hash: string) => transactions.query('UPDATE fm_user SET password = $1', [hash]);
    /** The least processor time of several logins, which other processes do not change. */
    const timeOf = async (email: string): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        const before = process.cpuUsage();
        expect(await authentication.findByPassword(email, 'wrong', CLIENT)).toBeUndefined();
        const { user: own, system } = process.cpuUsage(before);
        times.push((own + system) / 1000);
      }
      return Math.min(...times);
    };
    const usualMs = await timeOf('me@example.com');
    expect(await timeOf('nobody@example.com')).toBeGreaterThan(usualMs / 2);
    // A hash of sha512_crypt, which cannot be compared.
    await setHash('$6$rounds=5000$c2FsdA$aGFzaA');
    expect(await timeOf('me@example.com')).toBeGreaterThan(usualMs / 2);
    await setHash('$pbkdf2-sha256$1$SGmNEcI4x1grpdQag3AuxQ$rN9YbGB17ufcHCPN/OElHxaboN9S9.yyFRr5X/8KCzo');
    expect(await timeOf('me@example.com')).toBeLessThan(usualMs / 2);
    expect(await timeOf('nobody@example.com')).toBeLessThan(usualMs / 2);
    await setHash(kept!.password);
  });

  it('finds addresses that were stored in mixed case', async () => {
    await app.get(Transactions).query(`UPDATE fm_user SET email = 'Me@Example.com'`);
    expect(await authentication.findByPassword('Me@Example.com', PASSWORD, CLIENT)).toMatchObject({
      id: user.id,
    });
    await app.get(Transactions).query(`UPDATE fm_user SET email = 'me@example.com'`);
  });

  it('returns the roles of the user and of the account', async () => {
    expect(await authentication.findUserByToken(await tokenPayload())).toEqual({
      id: user.id,
      username: 'me',
      accountId: user.accountId,
      roles: ['account-admin'],
      accountRoles: ['MDC'],
      clientAccountIds: [],
      plan: null,
    });
  });

  it('ends only the given session', async () => {
    const [one, other] = [await sessionPayload(), await sessionPayload()];
    await app.get(EndedSessions).end(one);
    await app.get(EndedSessions).end(one);
    expect(await authentication.findUserByToken(one)).toBeUndefined();
    expect(await authentication.findUserByToken(other)).toMatchObject({ id: user.id });
    expect(await authentication.findUserByToken(await tokenPayload())).toMatchObject({ id: user.id });
  });

  it('deletes ended sessions once they have expired', async () => {
    const session = await sessionPayload();
    await app.get(EndedSessions).end({ jti: session.jti, exp: 1 });
    await app.get(EndedSessions).end(await sessionPayload());
    const rows = await app.get(Transactions).query('SELECT FROM ended_session WHERE expires_at < now()');
    expect(rows).toEqual([]);
  });

  it('records the last request of a user at most once a minute', async () => {
    const seenAt = async () => (await app.get(UsersService).findById(user.id))!.lastSeenAt;
    const begunMs = Date.now();
    /** Sends a request some time after the start of the test, however long the requests before took. */
    const requestAfter = async (
      ms: number,
      find: 'findUserByToken' | 'findUserAgain' = 'findUserByToken',
    ) => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout'], now: begunMs + ms });
      await authentication[find](await tokenPayload());
      jest.useRealTimers();
    };
    const longAgo = new Date('2026-01-01T00:00:00Z');
    const setLongAgo = () => app.get(Transactions).query('UPDATE fm_user SET last_seen_at = $1', [longAgo]);
    const isRecorded = (at: Date | null) => at!.getTime() !== longAgo.getTime();
    await setLongAgo();
    await requestAfter(61_000);
    await eventually(seenAt, isRecorded);
    await setLongAgo();
    await requestAfter(120_000);
    expect(await seenAt()).toEqual(longAgo);
    await requestAfter(122_000);
    const seen = await eventually(seenAt, isRecorded);
    expect(seen!.getTime()).toBeGreaterThanOrEqual(begunMs);
    // A request that stays open was recorded when it began.
    await setLongAgo();
    await requestAfter(190_000, 'findUserAgain');
    expect(await seenAt()).toEqual(longAgo);
  });

  it('invalidates tokens and sessions when the user is deactivated, also after reactivation', async () => {
    const [token, session] = [await tokenPayload(), await sessionPayload()];
    const admin = { id: 99, accountId: 99, roles: ['admin'] };
    const setActive = (active: boolean) =>
      app.get(UserManagement).update(user.id, { active }, admin, (link) => link);
    await setActive(false);
    expect(await authentication.findByPassword('me@example.com', PASSWORD, CLIENT)).toBeUndefined();
    await setActive(true);
    expect(await authentication.findUserByToken(token)).toBeUndefined();
    expect(await authentication.findUserByToken(session)).toBeUndefined();
    expect(await authentication.findByPassword('me@example.com', PASSWORD, CLIENT)).toBeDefined();
  });
});
