import { FairQueue, QueueFullError } from './fair-queue';

/** Work that ends when it is told to; `started` lists what has begun. */
class Works {
  readonly started: string[] = [];
  private readonly ends = new Map<string, () => void>();

  work(name: string): () => Promise<string> {
    return () => {
      this.started.push(name);
      return new Promise((resolve) => this.ends.set(name, () => resolve(name)));
    };
  }

  async end(name: string): Promise<void> {
    this.ends.get(name)!();
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FairQueue', () => {
  const limits = { atOnce: 2, waitingPerUser: 2, waiting: 3 };

  it('carries out one piece of work of each user at once, and so many in all', async () => {
    const [queue, works] = [new FairQueue(limits), new Works()];
    for (const [user, name] of [
      [1, 'a1'],
      [1, 'a2'],
      [2, 'b1'],
      [3, 'c1'],
    ] as const)
      void queue.run(user, works.work(name));
    await settled();
    expect(works.started).toEqual(['a1', 'b1']);
    await works.end('b1');
    expect(works.started).toEqual(['a1', 'b1', 'c1']);
    await works.end('a1');
    expect(works.started).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('lets users take turns', async () => {
    const [queue, works] = [new FairQueue({ atOnce: 1, waitingPerUser: 9, waiting: 9 }), new Works()];
    for (const name of ['a1', 'a2', 'a3']) void queue.run(1, works.work(name));
    for (const name of ['b1', 'b2']) void queue.run(2, works.work(name));
    await settled();
    for (const name of ['a1', 'a2', 'b1', 'a3', 'b2']) await works.end(name);
    expect(works.started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('refuses work beyond what may wait, of one user or of all', async () => {
    const [queue, works] = [new FairQueue(limits), new Works()];
    const run = (user: number): Promise<string> => queue.run(user, works.work(`${user}`));
    for (const user of [1, 1, 1]) void run(user);
    await expect(run(1)).rejects.toThrow(QueueFullError);
    void run(2);
    void run(2);
    await expect(run(3)).rejects.toThrow(QueueFullError);
    await works.end('1');
    void run(3);
    expect(works.started).toEqual(['1', '2', '1']);
  });

  it('gives what the work gives, and goes on after one that failed', async () => {
    const queue = new FairQueue({ atOnce: 1, waitingPerUser: 9, waiting: 9 });
    const failed = queue.run(1, () => Promise.reject(new Error('no luck')));
    const next = queue.run(1, () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('no luck');
    expect(await next).toBe('done');
    expect(await queue.run(2, () => Promise.resolve('later'))).toBe('later');
  });
});
