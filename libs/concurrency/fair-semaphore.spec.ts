import { FairSemaphore, QueueFullError } from './fair-semaphore';

/** Work that the test ends explicitly. */
function manualWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (): Promise<string> => {
    started.push(name);
    return new Promise((resolve) => ends.set(name, () => resolve(name)));
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)!();
    await new Promise(setImmediate);
  };
  return { started, work, end };
}

const semaphoreFor = (capacity: number, maxWaiting = 100, maxWaitingPerKey = 100) =>
  new FairSemaphore({ capacity, maxWaiting, maxWaitingPerKey });

describe('FairSemaphore', () => {
  it('runs work up to its capacity, in order of arrival within a key', async () => {
    const semaphore = semaphoreFor(2);
    const { started, work, end } = manualWork();
    const results = ['1', '2', '3', '4'].map((name) => semaphore.run('key', work(name)));
    await new Promise(setImmediate);
    expect(started).toEqual(['1', '2']);
    await end('2');
    expect(started).toEqual(['1', '2', '3']);
    await end('1');
    await end('3');
    await end('4');
    expect(await Promise.all(results)).toEqual(['1', '2', '3', '4']);
  });

  it('serves keys round-robin, independent of the lengths of their queues', async () => {
    const semaphore = semaphoreFor(1);
    const { started, work, end } = manualWork();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) void semaphore.run(name[0]!, work(name));
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']) await end(name);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('releases the capacity of work that fails', async () => {
    const semaphore = semaphoreFor(1);
    const failed = semaphore.run('key', () => Promise.reject(new Error('failed on purpose')));
    const next = semaphore.run('key', () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('failed on purpose');
    await expect(next).resolves.toBe('done');
  });

  it('adds up weights and runs work that exceeds the capacity alone', async () => {
    const semaphore = semaphoreFor(10);
    const { started, work, end } = manualWork();
    void semaphore.run('key', work('4'), 4);
    void semaphore.run('key', work('6'), 6);
    void semaphore.run('key', work('50'), 50);
    void semaphore.run('key', work('1'), 1);
    await new Promise(setImmediate);
    expect(started).toEqual(['4', '6']);
    await end('4');
    expect(started).toEqual(['4', '6']);
    await end('6');
    expect(started).toEqual(['4', '6', '50']);
    await end('50');
    expect(started).toEqual(['4', '6', '50', '1']);
  });

  it('runs only as much work of one key at once as its capacity, and other keys beside it', async () => {
    const limits = { capacity: 2, capacityPerKey: 1, maxWaiting: 100, maxWaitingPerKey: 100 };
    const semaphore = new FairSemaphore(limits);
    const { started, work, end } = manualWork();
    for (const name of ['a1', 'a2', 'b1', 'c1']) void semaphore.run(name[0]!, work(name));
    await new Promise(setImmediate);
    expect(started).toEqual(['a1', 'b1']);
    await end('b1');
    expect(started).toEqual(['a1', 'b1', 'c1']);
    await end('a1');
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2']);
    void semaphore.run('a', work('a3'));
    await end('c1');
    void semaphore.run('d', work('d1'));
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'd1']);
  });

  it('runs work heavier than the capacity of its key alone within the key', async () => {
    const limits = { capacity: 10, capacityPerKey: 2, maxWaiting: 100, maxWaitingPerKey: 100 };
    const semaphore = new FairSemaphore(limits);
    const { started, work, end } = manualWork();
    void semaphore.run('a', work('a1'), 3);
    void semaphore.run('a', work('a2'), 1);
    void semaphore.run('b', work('b1'), 1);
    await new Promise(setImmediate);
    expect(started).toEqual(['a1', 'b1']);
    await end('a1');
    expect(started).toEqual(['a1', 'b1', 'a2']);
  });

  it('rejects work that would have to wait if no work may wait', async () => {
    const semaphore = semaphoreFor(1, 0);
    const { work } = manualWork();
    void semaphore.run('a', work('a1'));
    await expect(semaphore.run('b', work('b1'))).rejects.toThrow(QueueFullError);
  });

  it('rejects work if the queue of its key is full', async () => {
    const semaphore = semaphoreFor(1, 100, 2);
    const { work } = manualWork();
    for (const name of ['1', '2', '3']) void semaphore.run('key', work(name));
    await expect(semaphore.run('key', work('4'))).rejects.toThrow(QueueFullError);
  });

  it('rejects the last work of the longest queue if too much work waits', async () => {
    const semaphore = semaphoreFor(1, 3, 3);
    const { started, work, end } = manualWork();
    const results = ['a1', 'a2', 'a3', 'a4'].map((name) => semaphore.run('a', work(name)));
    const other = semaphore.run('b', work('b1'));
    await expect(results[3]).rejects.toThrow(QueueFullError);
    await expect(semaphore.run('a', work('a5'))).rejects.toThrow(QueueFullError);
    await end('a1');
    await end('a2');
    await end('b1');
    expect(await other).toBe('b1');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });
});
