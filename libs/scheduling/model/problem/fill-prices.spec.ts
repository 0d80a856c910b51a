import { fillPrices } from './fill-prices';

const fill = (...prices: number[]) => fillPrices(Float64Array.from(prices), 'consumption');

describe('fillPrices', () => {
  it('keeps complete prices as they are', () => {
    expect(fill(1, -2, 3)).toEqual({ status: 'known', prices: Float64Array.of(1, -2, 3), warnings: [] });
  });

  it('extends the first known price to the start and the last known price to the end', () => {
    expect(fill(NaN, NaN, 5, 6, NaN)).toEqual({
      status: 'known',
      prices: Float64Array.of(5, 5, 5, 6, 6),
      warnings: [
        'No consumption prices known for the first 2 steps: the first known price was used.',
        'No consumption prices known for the last step: the last known price was used.',
      ],
    });
  });

  it('fills gaps in between with the last known price before them', () => {
    expect(fill(5, NaN, 7, NaN, NaN, 8)).toEqual({
      status: 'known',
      prices: Float64Array.of(5, 5, 7, 7, 7, 8),
      warnings: ['No consumption prices known for 3 steps in between: the last price before was used.'],
    });
  });

  it('does not modify its input', () => {
    const prices = Float64Array.of(NaN, 1);
    fillPrices(prices);
    expect(prices).toEqual(Float64Array.of(NaN, 1));
  });

  it('reports UNKNOWN_PRICES if no price is known or there is no step', () => {
    expect(fill(NaN, NaN)).toEqual({ status: 'UNKNOWN_PRICES' });
    expect(fill()).toEqual({ status: 'UNKNOWN_PRICES' });
  });
});
