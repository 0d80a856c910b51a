/** Limits of a semaphore. */
export interface SemaphoreLimits {
  /** Maximum sum of the weights of running work. Heavier work runs alone. */
  capacity: number;
  /** Maximum sum of the weights of running work of one key; by default, one key may use the whole capacity. */
  capacityPerKey?: number;
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
  private readonly usedByKey = new Map<string, number>();
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
    if (this.canStartAtOnce(key, weight)) this.take(key, weight);
    else await this.waitInQueue(key, weight);
    try {
      return await work();
    } finally {
      this.release(key, weight);
      this.startNext();
    }
  }

  /** Whether there is capacity for the work, and no waiting work could use it. */
  private canStartAtOnce(key: string, weight: number): boolean {
    const isBusy = !this.hasCapacityFor(weight) || !this.hasCapacityForKey(key, weight);
    if (isBusy || this.queues.has(key)) return false;
    for (const [other, queue] of this.queues) {
      if (this.hasCapacityForKey(other, queue[0]!.weight)) return false;
    }
    return true;
  }

  private hasCapacityFor(weight: number): boolean {
    return this.used === 0 || this.used + weight <= this.limits.capacity;
  }

  private hasCapacityForKey(key: string, weight: number): boolean {
    const used = this.usedByKey.get(key);
    return used === undefined || used + weight <= (this.limits.capacityPerKey ?? Infinity);
  }

  private take(key: string, weight: number): void {
    this.used += weight;
    this.usedByKey.set(key, (this.usedByKey.get(key) ?? 0) + weight);
  }

  private release(key: string, weight: number): void {
    this.used -= weight;
    const left = (this.usedByKey.get(key) ?? 0) - weight;
    if (left > 0) this.usedByKey.set(key, left);
    else this.usedByKey.delete(key);
  }

  private waitInQueue(key: string, weight: number): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    if (queue.length >= this.limits.maxWaitingPerKey) throw new QueueFullError();
    if (this.waitingCount >= this.limits.maxWaiting) this.rejectFromLongestQueue(queue.length);
    this.queues.set(key, queue);
    this.waitingCount++;
    return new Promise((start, reject) => queue.push({ weight, start, reject }));
  }

  /** Rejects the last work of the longest queue, if that queue is longer than the queue of the new work would be. */
  private rejectFromLongestQueue(length: number): void {
    const longest = [...this.queues.values()].reduce<WaitingWork[]>(
      (one, other) => (other.length > one.length ? other : one),
      [],
    );
    if (longest.length <= length + 1) throw new QueueFullError();
    this.waitingCount--;
    longest.pop()!.reject(new QueueFullError());
  }

  private startNext(): void {
    for (const [key, queue] of this.queues) {
      const { weight, start } = queue[0]!;
      if (!this.hasCapacityForKey(key, weight)) continue;
      if (!this.hasCapacityFor(weight)) return;
      queue.shift();
      // Move this key to the end, so that all other keys are served before it.
      this.queues.delete(key);
      if (queue.length > 0) this.queues.set(key, queue);
      this.take(key, weight);
      this.waitingCount--;
      start();
    }
  }
}
