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
  it('refuses a client with 429 what exceeds its share, and others nothing', () => {
    const quota = aQuota();
    quota.take('a', 6);
    expect(errorOf(() => quota.take('a', 5))).toMatchObject(TOO_MANY);
    quota.take('a', 4);
    quota.take('b', 5);
  });

  it('refuses everybody with 503 what exceeds the total', () => {
    const quota = aQuota();
    quota.take('a', 10);
    expect(errorOf(() => quota.take('b', 6))).toMatchObject(BUSY);
    quota.take('b', 5);
  });

  it('has room again for what was given back', () => {
    const quota = aQuota();
    quota.take('a', 10);
    quota.giveBack('a', 10);
    quota.take('a', 4);
    quota.take('a', 6);
    quota.take('b', 5);
    quota.giveBack('a', 4);
    expect(errorOf(() => quota.take('a', 5))).toMatchObject(TOO_MANY);
    quota.take('a', 4);
  });
});
