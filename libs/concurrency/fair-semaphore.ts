/** Limits of a semaphore. */
export interface SemaphoreLimits {
  /** Maximum sum of the weights of running work. Heavier work runs alone. */
  capacity: number;
  /** Maximum number of waiting items of work. */
  maxWaiting: number;
  /** Maximum number of waiting items of work of one key. */
  maxWaitingPerKey: number;
}

/** Work was rejected because too much work is waiting. */
export class QueueFullError extends Error {
  constructor() {
    super('Too much work of this kind is waiting.');
    this.name = 'QueueFullError';
  }
}

interface WaitingWork {
  weight: number;
  start: () => void;
  reject: (error: QueueFullError) => void;
}

/**
 * Limits how much work runs at once. Waiting work is queued per key, for example per client address. The queues are served
 * round-robin, so that a long queue of one key delays other keys by at most one item of work. If too much work waits, the
 * last work of the longest queue is rejected.
 */
export class FairSemaphore {
  private used = 0;
  private waitingCount = 0;
  /** Queues by key, in the order in which they are served. No queue is empty. */
  private readonly queues = new Map<string, WaitingWork[]>();

  constructor(private readonly limits: SemaphoreLimits) {}

  /**
   * Runs work as soon as there is capacity.
   * @param key selects the queue
   * @throws QueueFullError if too much work waits; also the errors of the work
   */
  async run<T>(key: string, work: () => Promise<T>, weight = 1): Promise<T> {
    if (this.waitingCount === 0 && this.hasCapacityFor(weight)) this.used += weight;
    else await this.waitInQueue(key, weight);
    try {
      return await work();
    } finally {
      this.used -= weight;
      this.startNext();
    }
  }

  private hasCapacityFor(weight: number): boolean {
    return this.used === 0 || this.used + weight <= this.limits.capacity;
  }

  private waitInQueue(key: string, weight: number): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    if (queue.length >= this.limits.maxWaitingPerKey) throw new QueueFullError();
    if (this.waitingCount >= this.limits.maxWaiting) this.rejectFromLongestQueue(queue.length);
    this.queues.set(key, queue);
    this.waitingCount++;
    return new Promise((start, refuse) => queue.push({ weight, start, reject: refuse }));
  }

  /** Rejects the last work of the longest queue, if that queue is longer than the queue of the new work would be. */
  private rejectFromLongestQueue(length: number): void {
    const longest = [...this.queues.values()].reduce((one, other) =>
      other.length > one.length ? other : one,
    );
    if (longest.length <= length + 1) throw new QueueFullError();
    this.waitingCount--;
    longest.pop()!.reject(new QueueFullError());
  }

  private startNext(): void {
    for (const [key, queue] of this.queues) {
      if (!this.hasCapacityFor(queue[0]!.weight)) return;
      const { weight, start } = queue.shift()!;
      // Move this key to the end, so that all other keys are served before it.
      this.queues.delete(key);
      if (queue.length > 0) this.queues.set(key, queue);
      this.used += weight;
      this.waitingCount--;
      start();
    }
  }
}
