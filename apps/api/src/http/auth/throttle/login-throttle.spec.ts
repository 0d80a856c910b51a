import { readSettings } from '#lib/config';
import { TestClock } from '../../../../../../test/harness/test-clock';
import { LoginThrottle, type Attempt } from './login-throttle';

const limits = { failuresPerUser: 2, failuresPerAddress: 4, withinMs: 1000 };
const clock = new TestClock();
const createThrottle = () => new LoginThrottle({ ...readSettings({}), loginLimits: limits }, clock);
const attempt = { email: 'me@example.com', address: '192.0.2.1' };
const TOO_MANY = { httpStatus: 429, headers: { 'Retry-After': '1' } };

const succeed = (throttle: LoginThrottle, given: Attempt) =>
  throttle.attempt(given, () => Promise.resolve('welcome'));
const fail = (throttle: LoginThrottle, given: Attempt) =>
  throttle.attempt(given, () => Promise.resolve(undefined));

/** Makes an attempt whose outcome the test decides later. */
function begin(throttle: LoginThrottle, given: Attempt) {
  const begun = { hasStarted: false, end: (_result: string | undefined): void => undefined };
  const result = throttle.attempt(given, () => {
    begun.hasStarted = true;
    return new Promise<string | undefined>((resolve) => (begun.end = resolve));
  });
  result.catch(() => undefined);
  return Object.assign(begun, { result });
}

const settle = () => new Promise(setImmediate);

describe('LoginThrottle', () => {
  it('allows logins until the maximum number of failures, and again after the time window', async () => {
    const throttle = createThrottle();
    await fail(throttle, attempt);
    await fail(throttle, attempt);
    await expect(succeed(throttle, attempt)).rejects.toMatchObject(TOO_MANY);
    await expect(succeed(throttle, { ...attempt, email: ' ME@example.com ' })).rejects.toMatchObject(
      TOO_MANY,
    );
    await succeed(throttle, { ...attempt, email: 'other@example.com' });
    await succeed(throttle, { ...attempt, address: '192.0.2.2' });
    clock.advance(999);
    await expect(succeed(throttle, attempt)).rejects.toMatchObject(TOO_MANY);
    clock.advance(1);
    expect(await succeed(throttle, attempt)).toBe('welcome');
  });

  it('resets the failures of the user after a success, but not those of the network', async () => {
    const throttle = createThrottle();
    for (let failure = 0; failure < 4; failure++) {
      await fail(throttle, attempt);
      if (failure < 3) await succeed(throttle, attempt);
    }
    await expect(succeed(throttle, attempt)).rejects.toMatchObject(TOO_MANY);
    await expect(succeed(throttle, { ...attempt, email: 'other@example.com' })).rejects.toMatchObject(
      TOO_MANY,
    );
  });

  it('runs at most as many parallel attempts as may fail, and rejects the others when those fail', async () => {
    const throttle = createThrottle();
    const attempts = [1, 2, 3, 4, 5].map(() => begin(throttle, attempt));
    await settle();
    expect(attempts.map(({ hasStarted }) => hasStarted)).toEqual([true, true, false, false, false]);
    attempts[0]!.end(undefined);
    attempts[1]!.end(undefined);
    for (const { result } of attempts.slice(2)) await expect(result).rejects.toMatchObject(TOO_MANY);
  });

  it('allows many parallel attempts that succeed', async () => {
    const throttle = createThrottle();
    const attempts = Array.from({ length: 20 }, () => succeed(throttle, attempt));
    expect(await Promise.all(attempts)).toEqual(attempts.map(() => 'welcome'));
  });

  it('does not count attempts that end with an error as failures', async () => {
    const throttle = createThrottle();
    for (let count = 0; count < 5; count++) {
      const failed = throttle.attempt(attempt, () => Promise.reject(new Error('too busy')));
      await expect(failed).rejects.toThrow('too busy');
    }
    expect(await succeed(throttle, attempt)).toBe('welcome');
  });

  it('rejects attempts when too many are waiting', async () => {
    const throttle = createThrottle();
    const attempts = Array.from({ length: 103 }, () => begin(throttle, attempt));
    await expect(attempts[102]!.result).rejects.toMatchObject(TOO_MANY);
    await settle();
    expect(attempts.filter(({ hasStarted }) => hasStarted)).toHaveLength(2);
  });
});
