import { integrateStock, powerForStockChange, stockChange } from './stock';

describe('stock', () => {
  test('charging loses on the way in, discharging on the way out', () => {
    expect(stockChange(2, 0.5, 0.9)).toBeCloseTo(0.9, 12);
    expect(stockChange(-2, 0.5, 0.9)).toBeCloseTo(-1 / 0.9, 12);
    expect(stockChange(0, 0.5, 0.9)).toBe(0);
  });

  test.each([-1.7, 0, 0.4])('a change of %d MWh comes from one power', (change) => {
    expect(stockChange(powerForStockChange(change, 0.25, 0.95), 0.25, 0.95)).toBeCloseTo(change, 12);
  });

  test('a round trip returns the round-trip efficiency', () => {
    const stock = integrateStock(Float64Array.of(1, -0.81), 1, 3, 0.81);
    expect(stock[1]).toBeCloseTo(3.9, 12);
    expect(stock[2]).toBeCloseTo(3, 12);
  });
});
