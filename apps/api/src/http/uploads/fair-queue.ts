/** How much goes on and waits at once. */
export interface QueueLimits {
  atOnce: number;
  waitingPerUser: number;
  waiting: number;
}

/** A queue takes no more work of a user, or of anybody. */
export class QueueFullError extends Error {}

/**
 * Carries out a few pieces of work at once, at most one of each user; the others wait. Users take turns, so that
 * nobody waits for all that another one has sent.
 */
export class FairQueue {
  /** Work that waits by user, who come in the order of their turns. */
  private readonly waiting = new Map<number, (() => void)[]>();
  private readonly running = new Set<number>();
  private waitingCount = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Waits for its turn, and carries out the work. @throws QueueFullError; what the work throws */
  async run<T>(userId: number, work: () => Promise<T>): Promise<T> {
    await this.turn(userId);
    try {
      return await work();
    } finally {
      this.running.delete(userId);
      this.startNext();
    }
  }

  private turn(userId: number): Promise<void> {
    if (this.isFree && !this.running.has(userId)) {
      this.running.add(userId);
      return Promise.resolve();
    }
    const own = this.waiting.get(userId) ?? [];
    if (own.length >= this.limits.waitingPerUser || this.waitingCount >= this.limits.waiting) {
      return Promise.reject(new QueueFullError());
    }
    this.waitingCount++;
    return new Promise((resolve) => {
      own.push(resolve);
      this.waiting.set(userId, own);
    });
  }

  private get isFree(): boolean {
    return this.running.size < this.limits.atOnce;
  }

  private startNext(): void {
    const next = [...this.waiting].find(([userId]) => !this.running.has(userId));
    if (!next || !this.isFree) return;
    const [userId, own] = next;
    const start = own.shift()!;
    this.waitingCount--;
    // Whoever has had a turn goes to the end.
    this.waiting.delete(userId);
    if (own.length > 0) this.waiting.set(userId, own);
    this.running.add(userId);
    start();
  }
}
