import { powerForStockChange, simulateStock, stockChange, type StockDevice } from './stock';

const device = (given: Partial<StockDevice>): StockDevice => ({
  stepHours: 1,
  roundtripEfficiency: 1,
  ...given,
});

describe('stockChange', () => {
  it('applies the square root of the round-trip efficiency to charging and to discharging', () => {
    const lossy = device({ stepHours: 0.5, roundtripEfficiency: 0.81 });
    expect(stockChange(lossy, 0, 2)).toBeCloseTo(0.9, 12);
    expect(stockChange(lossy, 0, -2)).toBeCloseTo(-1 / 0.9, 12);
    expect(stockChange(lossy, 0, 0)).toBe(0);
  });

  it('uses separate efficiencies per direction and step', () => {
    const oneWay = device({ chargingEfficiency: Float64Array.of(0.9, 3), dischargingEfficiency: 0.5 });
    expect(stockChange(oneWay, 0, 1)).toBeCloseTo(0.9, 12);
    expect(stockChange(oneWay, 1, 1)).toBeCloseTo(3, 12);
    expect(stockChange(oneWay, 1, -1)).toBeCloseTo(-2, 12);
  });

  it.each([-1.7, 0, 0.4])('is inverted by powerForStockChange for a change of %d MWh', (change) => {
    const lossy = device({ stepHours: 0.25, roundtripEfficiency: 0.9, storageEfficiency: 0.8 });
    expect(stockChange(lossy, 0, powerForStockChange(lossy, 0, change))).toBeCloseTo(change, 12);
  });
});

describe('simulateStock', () => {
  it('loses the round-trip efficiency in a round trip', () => {
    const stock = simulateStock(device({ roundtripEfficiency: 0.81 }), Float64Array.of(1, -0.81), 3);
    expect(stock[1]).toBeCloseTo(3.9, 12);
    expect(stock[2]).toBeCloseTo(3, 12);
  });

  it('applies losses over time to the stock and to what comes in during a step', () => {
    // A quarter of the stock remains after a step; of a constant inflow, the mean of 0.25^x for x from 0 to 1: 0.75 / ln 4.
    const leaky = device({ storageEfficiency: 0.25, stockInflowMw: Float64Array.of(0, 1) });
    const stock = simulateStock(leaky, Float64Array.of(0, 1), 8);
    expect(stock[1]).toBe(2);
    expect(stock[2]).toBeCloseTo(0.5 + (2 * 0.75) / Math.log(4), 12);
  });
});
