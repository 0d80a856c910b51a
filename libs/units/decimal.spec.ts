import fc from 'fast-check';
import { MAX_NUMBER_LENGTH, parseDecimal } from './decimal';
import { seedOrDefault } from '../../test/harness/effort';

describe('parseDecimal', () => {
  it.each([
    ['7', 7],
    ['-0.25', -0.25],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-1.5E-3', -0.0015],
    ['0'.repeat(MAX_NUMBER_LENGTH), 0],
  ])('reads %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it.each(['', '.', '-', '+.', '1 ', ' 1', '1e', 'e5', '1.2.3', '0x10', 'Infinity', 'NaN', '1e400', '1,5'])(
    'returns undefined for %j',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );

  it('returns undefined for a text of more than 400 characters', () => {
    expect(parseDecimal('0'.repeat(MAX_NUMBER_LENGTH + 1))).toBeUndefined();
  });

  it('agrees with Number on any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseDecimal(String(value))).toBe(Number(String(value)));
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});
