import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from '#lib/config';
import { LoginThrottle } from './login-throttle';

const limits = { failuresPerUser: 2, failuresPerAddress: 4, withinMs: 1000 };
const aThrottle = () => new LoginThrottle({ ...readSettings({}), loginLimits: limits });
const attempt = { email: 'me@example.com', address: '192.0.2.1' };
const TOO_MANY = { httpStatus: 429, headers: { 'Retry-After': '1' } };

describe('the throttle of logins', () => {
  it('lets through until the last failure that is allowed, and again after the time', async () => {
    const throttle = aThrottle();
    await throttle.countFailure(attempt);
    await throttle.check(attempt);
    await throttle.countFailure(attempt);
    await expect(throttle.check(attempt)).rejects.toMatchObject(TOO_MANY);
    await expect(throttle.check({ ...attempt, email: ' ME@example.com ' })).rejects.toMatchObject(TOO_MANY);
    await throttle.check({ ...attempt, email: 'other@example.com' });
    await throttle.check({ ...attempt, address: '192.0.2.2' });
    await sleep(1100);
    await throttle.check(attempt);
  });

  it('forgives the user, but not the address', async () => {
    const throttle = aThrottle();
    for (let failure = 0; failure < 4; failure++) {
      await throttle.countFailure(attempt);
      await throttle.forgive(attempt);
    }
    await expect(throttle.check(attempt)).rejects.toMatchObject(TOO_MANY);
  });
});
