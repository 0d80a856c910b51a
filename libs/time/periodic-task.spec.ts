import { setImmediate as nextTurn } from 'node:timers/promises';
import { TestClock } from '../../test/harness/test-clock';
import { PeriodicTask } from './periodic-task';

describe('PeriodicTask', () => {
  /** A task whose rounds end when the test says so. */
  function startTask() {
    const clock = new TestClock();
    const ends: (() => void)[] = [];
    const task = new PeriodicTask(clock, 1000, () => new Promise<void>((resolve) => ends.push(resolve)));
    task.start();
    return { clock, task, ends };
  }

  it('begins a round after each interval', async () => {
    const { clock, ends } = startTask();
    expect(ends).toHaveLength(0);
    clock.advance(1000);
    expect(ends).toHaveLength(1);
    ends[0]!();
    await nextTurn();
    clock.advance(1000);
    expect(ends).toHaveLength(2);
  });

  it('makes up for all rounds that were due during another one by one round after it', async () => {
    const { clock, ends } = startTask();
    clock.advance(5000);
    expect(ends).toHaveLength(1);
    ends[0]!();
    await nextTurn();
    expect(ends).toHaveLength(2);
    ends[1]!();
    await nextTurn();
    expect(ends).toHaveLength(2);
  });

  it('begins no round once it is stopped, and waits for the running one', async () => {
    const { clock, task, ends } = startTask();
    clock.advance(5000);
    let isStopped = false;
    const stopping = task.stop().then(() => (isStopped = true));
    await nextTurn();
    expect([isStopped, task.isStopping]).toEqual([false, true]);
    ends[0]!();
    await stopping;
    clock.advance(5000);
    expect(ends).toHaveLength(1);
  });
});
