import fc from 'fast-check';
import { NumbersText } from './numbers-text';

const asJson = (values: readonly number[]): string => JSON.stringify(values).slice(1, -1);
const written = (values: readonly number[]): string =>
  Buffer.from(new NumbersText(values.length).write(Float64Array.from(values))).toString();

describe('NumbersText', () => {
  it('writes numbers as JSON does', () => {
    const values = [
      ...[0, -0, 1, -1, 9, 10, 0.1, -0.25, 0.000001, 0.0000001, 1.5e-7, 0.1 + 0.2, 1 / 3, 123.456789, 1e-300],
      ...[999_999.999999, 9_999_999_999.999999, 1_767_225_600_000, -599_616_000_000, 2 ** 53, 1e15, 1e15 - 1],
      ...[1e21, 1e22, -1.7976931348623157e308, 5e-324, NaN, Infinity, -Infinity],
    ];
    expect(written(values)).toBe(asJson(values));
    expect(written([])).toBe('');
  });

  it('writes any double as JSON does', () => {
    const decimals = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([n, d]) => n / 10 ** d);
    const large = fc.maxSafeInteger();
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), decimals, large), { minLength: 1 }), (values) => {
        expect(written(values)).toBe(asJson(values));
      }),
      { numRuns: 1000 },
    );
  });
});
