import { isTransientFailure } from './transient-errors';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('isTransientFailure', () => {
  it.each(['57P01', '08006', '53300', '40P01', 'ECONNREFUSED', 'EPIPE'])(
    'is true for the code %s',
    (code) => {
      expect(isTransientFailure(withCode(code))).toBe(true);
    },
  );

  it('is true for a broken connection', () => {
    expect(isTransientFailure(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it.each(['23505', '42P01', '57014', 'ENOENT', 'UNKNOWN_PRICES'])('is false for the code %s', (code) => {
    expect(isTransientFailure(withCode(code))).toBe(false);
  });

  it('is false for other errors', () => {
    expect(isTransientFailure(new TypeError('x is undefined'))).toBe(false);
    expect(isTransientFailure('nothing')).toBe(false);
  });
});
