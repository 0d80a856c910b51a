import { TestClock } from '../../test/harness/test-clock';
import { SystemClock } from './clock';

describe('SystemClock', () => {
  it('tells the time of the system', () => {
    const before = Date.now();
    expect(new SystemClock().now()).toBeGreaterThanOrEqual(before);
    expect(new SystemClock().offsetMs).toBe(0);
  });

  it('does work later and again, until it is cancelled', async () => {
    const clock = new SystemClock();
    let count = 0;
    const cancelled = clock.after(0, () => (count += 100));
    cancelled.cancel();
    await new Promise<void>((resolve) => {
      const timer = clock.every(1, () => {
        count++;
        if (count === 2) {
          timer.cancel();
          resolve();
        }
      });
      // Timers of a clock do not keep the process alive.
      clock.after(10_000, resolve);
    });
    expect(count).toBe(2);
  });
});

describe('Clock.sleep', () => {
  it('ends after its time', async () => {
    const clock = new TestClock();
    const startMs = clock.now();
    const sleeping = clock.sleep(60_000).then(() => clock.now() - startMs);
    clock.advance(60_000);
    expect(await sleeping).toBe(60_000);
  });

  it('fails with the reason of its signal', async () => {
    const controller = new AbortController();
    const sleeping = new TestClock().sleep(60_000, controller.signal);
    controller.abort(new Error('stopping'));
    await expect(sleeping).rejects.toThrow('stopping');
    await expect(new TestClock().sleep(60_000, controller.signal)).rejects.toThrow('stopping');
  });
});
