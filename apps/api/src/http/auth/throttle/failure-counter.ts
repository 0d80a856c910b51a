import { LRUCache } from 'lru-cache';
import type { Clock } from '#lib/time';

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
/** Of more keys, the failures of those that were not seen for longest are forgotten. */
const MAX_KEYS = 20_000;
/** When to come back after being refused because of attempts that are under way. */
const WAIT_FOR_OTHERS_MS = 1000;

/**
 * Allows so many failures under a key within some time. Every attempt counts as a failure until it ends well, so that
 * attempts that are made at once gain nothing; those beyond the limit wait for the outcome of those before them.
 */
export class FailureCounter {
  /** Attempts that count as failures; all of a key are forgotten some time after the first. */
  private readonly counts: LRUCache<string, number>;
  private readonly underWay = new Map<string, UnderWay>();

  /** @param failures allowed within the time */
  constructor(
    private readonly failures: number,
    withinMs: number,
    clock: Clock,
  ) {
    // lru-cache keeps what is exactly as old as its limit.
    const time = { ttl: Math.max(withinMs - 1, 1), noUpdateTTL: true, perf: clock, ttlResolution: 0 };
    this.counts = new LRUCache({ max: MAX_KEYS, ...time });
  }

  /** @throws TooManyFailures when no attempt is allowed, whatever becomes of those under way */
  check(key: string): void {
    const failed = this.countOf(key) - (this.underWay.get(key)?.count ?? 0);
    if (failed >= this.failures) throw new TooManyFailures(this.counts.getRemainingTTL(key) + 1);
  }

  /**
   * Counts an attempt as failed, as soon as the limit allows it. It must be ended by one of the other methods.
   * @throws TooManyFailures
   */
  async begin(key: string): Promise<void> {
    while (!this.count(key)) {
      this.check(key);
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
  giveBack(key: string): void {
    const count = this.countOf(key);
    if (count > 1) this.counts.set(key, count - 1);
    else this.counts.delete(key);
    this.end(key);
  }

  /** Ends an attempt that succeeded, and forgets the failures before it. */
  forgive(key: string): void {
    this.counts.delete(key);
    this.end(key);
  }

  /** @returns whether the limit allowed it */
  private count(key: string): boolean {
    const count = this.countOf(key);
    if (count >= this.failures) return false;
    this.counts.set(key, count + 1);
    const others = this.underWay.get(key);
    if (others) others.count++;
    else this.underWay.set(key, { count: 1, waiting: [] });
    return true;
  }

  private countOf(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  private end(key: string): void {
    const others = this.underWay.get(key);
    if (!others) return;
    others.count--;
    if (others.count === 0) this.underWay.delete(key);
    for (const look of others.waiting.splice(0)) look();
  }
}
