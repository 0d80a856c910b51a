import { WindowMinimum } from './window-minimum';

describe('WindowMinimum', () => {
  it('gives the smallest weight of a sliding window', () => {
    const weights = [4, 2, 5, 5, 1, 3, 6, 0];
    const window = new WindowMinimum();
    window.reset(weights.length);
    expect(window.minimum).toBe(Infinity);
    const width = 3;
    weights.forEach((weight, i) => {
      window.push(i, weight);
      window.dropUpTo(i - width);
      expect(window.minimum).toBe(Math.min(...weights.slice(Math.max(0, i - width + 1), i + 1)));
    });
    window.reset(5000);
    expect(window.minimum).toBe(Infinity);
  });
});
