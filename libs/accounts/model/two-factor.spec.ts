import { isSixDigits, neededFactor, normaliseCode } from './two-factor';

describe('neededFactor', () => {
  it.each([
    ['off', false, undefined],
    ['off', true, undefined],
    ['optional', false, undefined],
    ['optional', true, 'app'],
    ['required', false, 'mail'],
    ['required', true, 'app'],
  ] as const)('with the policy %s and an app: %s is %s', (policy, hasApp, factor) => {
    expect(neededFactor(policy, hasApp)).toBe(factor);
  });
});

describe('normaliseCode', () => {
  it.each([
    ['123 456', '123456'],
    [' ABCD-efgh ', 'abcdefgh'],
  ])('reads %j as %j', (given, read) => {
    expect(normaliseCode(given)).toBe(read);
  });

  it('tells codes of apps and mails from recovery codes', () => {
    expect(isSixDigits('012345')).toBe(true);
    expect(isSixDigits('12345')).toBe(false);
    expect(isSixDigits('abcdefghij')).toBe(false);
  });
});
