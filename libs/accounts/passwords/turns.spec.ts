import { setTimeout as sleep } from 'node:timers/promises';
import { Turns } from './turns';

describe('turns', () => {
  it('let so much work go on at once, in order, whatever becomes of it', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    let [underWay, most] = [0, 0];
    const work = (index: number) => async () => {
      begun.push(index);
      most = Math.max(most, ++underWay);
      await sleep(5);
      underWay--;
      if (index % 2 === 1) throw new Error(String(index));
      return index;
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => turns.run(work(index))));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    await expect(turns.run(() => Promise.resolve('again'))).resolves.toBe('again');
  });
});
