import { RateLimiterMemory } from 'rate-limiter-flexible';

/** An attempt has to wait: so many failed, or are under way, that it may not be made now. */
export class TooManyFailures extends Error {
  constructor(readonly waitMs: number) {
    super(`Too many failures; wait ${waitMs} ms.`);
    this.name = 'TooManyFailures';
  }
}

/** Attempts under one key that were counted and have not ended, and what waits for their end. */
interface UnderWay {
  count: number;
  waiting: (() => void)[];
}

/** How many attempts under one key may wait for others to end. */
const MAX_WAITING = 100;
/** When to come back after being refused because of attempts that are under way. */
const WAIT_FOR_OTHERS_MS = 1000;

/**
 * Allows so many failures under a key within some time. Every attempt counts as a failure until it ends well, so that
 * attempts that are made at once gain nothing; those beyond the limit wait for the outcome of those before them.
 */
export class FailureCounter {
  private readonly limiter: RateLimiterMemory;
  private readonly underWay = new Map<string, UnderWay>();
  private lastTurn: Promise<unknown> = Promise.resolve();

  /** @param failures allowed within the time */
  constructor(failures: number, withinMs: number) {
    this.limiter = new RateLimiterMemory({ points: failures, duration: withinMs / 1000 });
  }

  /** @throws TooManyFailures when no attempt is allowed, whatever becomes of those under way */
  async check(key: string): Promise<void> {
    const state = await this.limiter.get(key);
    const failed = (state?.consumedPoints ?? 0) - (this.underWay.get(key)?.count ?? 0);
    if (state && failed >= this.limiter.points) throw new TooManyFailures(state.msBeforeNext);
  }

  /**
   * Counts an attempt as failed, as soon as the limit allows it. It must be ended by one of the other methods.
   * @throws TooManyFailures
   */
  async begin(key: string): Promise<void> {
    while (!(await this.inTurn(() => this.count(key)))) {
      await this.check(key);
      const others = this.underWay.get(key);
      if (!others) continue;
      if (others.waiting.length >= MAX_WAITING) throw new TooManyFailures(WAIT_FOR_OTHERS_MS);
      await new Promise<void>((resolve) => others.waiting.push(resolve));
    }
  }

  /** Ends an attempt that failed. */
  fail(key: string): void {
    this.end(key);
  }

  /** Ends an attempt that did not fail. */
  async giveBack(key: string): Promise<void> {
    await this.inTurn(async () => {
      const { consumedPoints = 0 } = (await this.limiter.get(key)) ?? {};
      await (consumedPoints > 1 ? this.limiter.reward(key) : this.limiter.delete(key));
    });
    this.end(key);
  }

  /** Ends an attempt that succeeded, and forgets the failures before it. */
  async forgive(key: string): Promise<void> {
    await this.limiter.delete(key);
    this.end(key);
  }

  /** @returns whether the limit allowed it */
  private async count(key: string): Promise<boolean> {
    const { consumedPoints = 0 } = (await this.limiter.get(key)) ?? {};
    if (consumedPoints >= this.limiter.points) return false;
    await this.limiter.penalty(key);
    const others = this.underWay.get(key);
    if (others) others.count++;
    else this.underWay.set(key, { count: 1, waiting: [] });
    return true;
  }

  private end(key: string): void {
    const others = this.underWay.get(key);
    if (!others) return;
    others.count--;
    if (others.count === 0) this.underWay.delete(key);
    for (const look of others.waiting.splice(0)) look();
  }

  /** Reading a count and writing it takes two steps, between which nobody else may come. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.lastTurn.then(work);
    this.lastTurn = result.catch(() => undefined);
    return result;
  }
}
