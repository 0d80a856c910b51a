import { isTransientFailure } from './transient';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('isTransientFailure', () => {
  it.each(['57P01', '08006', '53300', '40P01', 'ECONNREFUSED', 'EPIPE'])('is so for %s', (code) => {
    expect(isTransientFailure(withCode(code))).toBe(true);
  });

  it('is so for connections that broke', () => {
    expect(isTransientFailure(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it.each(['23505', '42P01', '57014', 'ENOENT', 'UNKNOWN_PRICES'])('is not so for %s', (code) => {
    expect(isTransientFailure(withCode(code))).toBe(false);
  });

  it('is not so for other errors', () => {
    expect(isTransientFailure(new TypeError('x is undefined'))).toBe(false);
    expect(isTransientFailure('nothing')).toBe(false);
  });
});
