import { toNumber, toRange } from './quantity-number';

describe('toRange', () => {
  it.each([
    [{ minimum: 0 }, [0, 1], -0.1, 'greater than or equal to 0'],
    [{ exclusiveMinimum: 0, maximum: 1 }, [0.1, 1], 0, 'greater than 0 and less than or equal to 1'],
    [{ exclusiveMinimum: 0, exclusiveMaximum: 100 }, [99], 100, 'greater than 0 and less than 100'],
  ])('refuses numbers outside of %j', (range, inside, outside, limits) => {
    expect([...toRange(Float64Array.of(...inside, NaN), 'field', range)]).toEqual([...inside, NaN]);
    expect(() => toRange(Float64Array.of(...inside, outside), 'field', range)).toThrow(
      `field: Must be ${limits}.`,
    );
  });

  it('case 6: removes rounding errors outside of the range, and no more', () => {
    const range = { minimum: 0, maximum: 1 };
    expect([...toRange(Float64Array.of(1 + 2 ** -52, 1 + 1e-10, -1e-18), 'field', range)]).toEqual([1, 1, 0]);
    expect(() => toRange(Float64Array.of(1 + 1e-8), 'field', range)).toThrow('field: Must be');
    expect(() => toRange(Float64Array.of(-1e-8), 'field', range)).toThrow('field: Must be');
  });
});

describe('toNumber', () => {
  it('converts a quantity to a unit, and percentages of a capacity', () => {
    expect(toNumber('50 kW', 'power', 'MW')).toBeCloseTo(0.05, 12);
    expect(toNumber('50%', 'power', 'MW', { capacity: '2 MW' })).toBeCloseTo(1, 12);
    expect(toNumber('5', 'soc-min', 'MWh', { defaultUnit: 'kWh' })).toBeCloseTo(0.005, 12);
  });

  it.each([
    ['50', 'power: Not a valid number or quantity of power: 50 needs a unit, such as MW.'],
    ['50%', 'power: 50% needs a power capacity, which defines 100%.'],
    ['50 kWh', 'power: Not a valid number or quantity of power: '],
  ])('refuses %s as a power', (text, message) => {
    expect(() => toNumber(text, 'power', 'MW')).toThrow(message);
  });
});
