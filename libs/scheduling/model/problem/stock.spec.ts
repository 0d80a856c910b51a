import { powerForStockChange, simulateStock, stockChange, type StockDevice } from './stock';

const device = (given: Partial<StockDevice>): StockDevice => ({
  stepHours: 1,
  roundtripEfficiency: 1,
  ...given,
});

describe('stock', () => {
  test('charging loses on the way in, discharging on the way out', () => {
    const lossy = device({ stepHours: 0.5, roundtripEfficiency: 0.81 });
    expect(stockChange(lossy, 0, 2)).toBeCloseTo(0.9, 12);
    expect(stockChange(lossy, 0, -2)).toBeCloseTo(-1 / 0.9, 12);
    expect(stockChange(lossy, 0, 0)).toBe(0);
  });

  test('each direction may have an efficiency of its own, step by step', () => {
    const oneWay = device({ chargingEfficiency: Float64Array.of(0.9, 3), dischargingEfficiency: 0.5 });
    expect(stockChange(oneWay, 0, 1)).toBeCloseTo(0.9, 12);
    expect(stockChange(oneWay, 1, 1)).toBeCloseTo(3, 12);
    expect(stockChange(oneWay, 1, -1)).toBeCloseTo(-2, 12);
  });

  test.each([-1.7, 0, 0.4])('a change of %d MWh comes from one power', (change) => {
    const lossy = device({ stepHours: 0.25, roundtripEfficiency: 0.9, storageEfficiency: 0.8 });
    expect(stockChange(lossy, 0, powerForStockChange(lossy, 0, change))).toBeCloseTo(change, 12);
  });

  test('a round trip returns the round-trip efficiency', () => {
    const stock = simulateStock(device({ roundtripEfficiency: 0.81 }), Float64Array.of(1, -0.81), 3);
    expect(stock[1]).toBeCloseTo(3.9, 12);
    expect(stock[2]).toBeCloseTo(3, 12);
  });

  test('what lies in stock is lost over time, and so is a part of what comes in', () => {
    // Half an hour later sqrt(0.25) = 0.5 is left of any stock; the mean of 0.25^x for x from 0 to 1 is 0.75 / ln 4.
    const leaky = device({ storageEfficiency: 0.25, stockInflowMw: Float64Array.of(0, 1) });
    const stock = simulateStock(leaky, Float64Array.of(0, 1), 8);
    expect(stock[1]).toBe(2);
    expect(stock[2]).toBeCloseTo(0.5 + (2 * 0.75) / Math.log(4), 12);
  });
});
