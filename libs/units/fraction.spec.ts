import { Fraction, isPowerWithin, parseFraction } from './fraction';

describe('parseFraction', () => {
  it.each([
    ['0.0254', 127n, 5000n],
    ['-1.50', -3n, 2n],
    ['1e-3', 1n, 1000n],
    ['2.5e+2', 250n, 1n],
    ['5/9', 5n, 9n],
  ])('reads %s in lowest terms', (text, numerator, denominator) => {
    const { s, n, d } = parseFraction(text)!;
    expect([s * n, d]).toEqual([numerator, denominator]);
  });

  it('refuses what is no number, and numbers without bounds', () => {
    expect(['', '.', 'x', 'NaN', '1e999999999'].map((text) => parseFraction(text))).not.toContainEqual(
      expect.anything(),
    );
  });

  it('refuses a denominator of zero', () => {
    expect(() => parseFraction('1/0')).toThrow('Division by Zero');
  });
});

describe('isPowerWithin', () => {
  it('compares a power and its inverse with a size', () => {
    expect(isPowerWithin(new Fraction(-10), 3, 1000n)).toBe(true);
    expect(isPowerWithin(new Fraction(-10), 3, 999n)).toBe(false);
    expect(isPowerWithin(new Fraction(1, 10), -3, 999n)).toBe(false);
  });
});
