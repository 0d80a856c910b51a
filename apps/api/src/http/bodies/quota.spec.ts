import { Quota } from './quota';

const aQuota = () => new Quota({ perClient: 10, total: 15 }, 'too much');
const TOO_MANY = { httpStatus: 429, headers: { 'Retry-After': '5' } };
const BUSY = { httpStatus: 503, headers: { 'Retry-After': '5' } };

const errorOf = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('Quota', () => {
  it('rejects with 429 what exceeds the limit of a client, and does not affect other clients', () => {
    const quota = aQuota();
    quota.acquire('a', 6);
    expect(errorOf(() => quota.acquire('a', 5))).toMatchObject(TOO_MANY);
    quota.acquire('a', 4);
    quota.acquire('b', 5);
  });

  it('rejects with 503 what exceeds the total', () => {
    const quota = aQuota();
    quota.acquire('a', 10);
    expect(errorOf(() => quota.acquire('b', 6))).toMatchObject(BUSY);
    quota.acquire('b', 5);
  });

  it('can be acquired again after a release', () => {
    const quota = aQuota();
    quota.acquire('a', 10);
    quota.release('a', 10);
    quota.acquire('a', 4);
    quota.acquire('a', 6);
    quota.acquire('b', 5);
    quota.release('a', 4);
    expect(errorOf(() => quota.acquire('a', 5))).toMatchObject(TOO_MANY);
    quota.acquire('a', 4);
  });
});
