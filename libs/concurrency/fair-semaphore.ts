/** What a semaphore lets run and wait. */
export interface SemaphoreLimits {
  /** Sum of the weights of work that runs at once. Heavier work runs alone. */
  capacity: number;
  /** The same for work of one key; by default, one key may use the whole capacity. */
  capacityPerKey?: number;
  /** How much work may wait, in all. */
  maxWaiting: number;
  /** How much work of one key may wait. */
  maxWaitingPerKey: number;
}

/** Work was refused because too much of it waits already. */
export class QueueFullError extends Error {
  constructor() {
    super('Too much work of this kind is waiting.');
    this.name = 'QueueFullError';
  }
}

interface Waiting {
  weight: number;
  start: () => void;
  refuse: (error: QueueFullError) => void;
}

/**
 * Limits how much work runs at once. What has to wait does so in one line per key, such as the address of a client;
 * the lines take turns, so that a long line of one key delays work of another key by one piece of work at most. When
 * too much waits, the end of the longest line is refused.
 */
export class FairSemaphore {
  private used = 0;
  private readonly usedByKey = new Map<string, number>();
  private waiting = 0;
  /** By key, in the order of turns. No line is empty. */
  private readonly lines = new Map<string, Waiting[]>();

  constructor(private readonly limits: SemaphoreLimits) {}

  /**
   * Runs work as soon as it is its turn.
   * @param key whose line it waits in
   * @throws QueueFullError when too much work waits, and what the work throws
   */
  async run<T>(key: string, work: () => Promise<T>, weight = 1): Promise<T> {
    if (this.canStartAtOnce(key, weight)) this.take(key, weight);
    else await this.turn(key, weight);
    try {
      return await work();
    } finally {
      this.giveBack(key, weight);
      this.startNext();
    }
  }

  /** Whether there is room, and nobody waits for it. */
  private canStartAtOnce(key: string, weight: number): boolean {
    if (this.lines.has(key) || !this.fits(weight) || !this.fitsKey(key, weight)) return false;
    for (const [other, line] of this.lines) if (this.fitsKey(other, line[0]!.weight)) return false;
    return true;
  }

  private fits(weight: number): boolean {
    return this.used === 0 || this.used + weight <= this.limits.capacity;
  }

  private fitsKey(key: string, weight: number): boolean {
    const used = this.usedByKey.get(key);
    return used === undefined || used + weight <= (this.limits.capacityPerKey ?? Infinity);
  }

  private take(key: string, weight: number): void {
    this.used += weight;
    this.usedByKey.set(key, (this.usedByKey.get(key) ?? 0) + weight);
  }

  private giveBack(key: string, weight: number): void {
    this.used -= weight;
    const left = (this.usedByKey.get(key) ?? 0) - weight;
    if (left > 0) this.usedByKey.set(key, left);
    else this.usedByKey.delete(key);
  }

  private turn(key: string, weight: number): Promise<void> {
    const line = this.lines.get(key) ?? [];
    if (line.length >= this.limits.maxWaitingPerKey) throw new QueueFullError();
    if (this.waiting >= this.limits.maxWaiting) this.shortenLongestLine(line.length);
    this.lines.set(key, line);
    this.waiting++;
    return new Promise((start, refuse) => line.push({ weight, start, refuse }));
  }

  /** Makes room for a line that would still be shorter than the longest one. */
  private shortenLongestLine(length: number): void {
    const longest = [...this.lines.values()].reduce<Waiting[]>(
      (one, other) => (other.length > one.length ? other : one),
      [],
    );
    if (longest.length <= length + 1) throw new QueueFullError();
    this.waiting--;
    longest.pop()!.refuse(new QueueFullError());
  }

  private startNext(): void {
    for (const [key, line] of this.lines) {
      const { weight, start } = line[0]!;
      if (!this.fitsKey(key, weight)) continue;
      if (!this.fits(weight)) return;
      line.shift();
      // The next turn of this key comes after one of every other key.
      this.lines.delete(key);
      if (line.length > 0) this.lines.set(key, line);
      this.take(key, weight);
      this.waiting--;
      start();
    }
  }
}
