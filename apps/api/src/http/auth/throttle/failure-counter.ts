import { LRUCache } from 'lru-cache';
import type { Clock } from '#lib/time';

/** Too many attempts failed, or are in progress; wait before the next one. */
export class TooManyFailures extends Error {
  constructor(readonly waitMs: number) {
    super(`Too many failures; wait ${waitMs} ms.`);
    this.name = 'TooManyFailures';
  }
}

/** Attempts under one key that have begun and not ended, and the callbacks that wait for their end. */
interface AttemptsInProgress {
  count: number;
  waiting: (() => void)[];
}

/** Maximum number of attempts under one key that wait for others to end. */
const MAX_WAITING = 100;
/** With more keys, the least recently used ones are removed. */
const MAX_KEYS = 20_000;
/** Time to wait when too many attempts are waiting already. */
const WAIT_FOR_OTHERS_MS = 1000;

/**
 * Limits the number of failures per key within a time window. An attempt counts as a failure from its begin until it
 * succeeds, so that parallel attempts cannot exceed the limit: attempts beyond it wait for the result of earlier ones.
 */
export class FailureCounter {
  /** Attempts that count as failures, by key. The window of a key starts with its first attempt. */
  private readonly counts: LRUCache<string, number>;
  private readonly inProgress = new Map<string, AttemptsInProgress>();

  /** @param failures maximum number of failures within the window */
  constructor(
    private readonly failures: number,
    withinMs: number,
    clock: Clock,
  ) {
    // lru-cache keeps an entry whose age equals the TTL.
    const time = { ttl: Math.max(withinMs - 1, 1), noUpdateTTL: true, perf: clock, ttlResolution: 0 };
    this.counts = new LRUCache({ max: MAX_KEYS, ...time });
  }

  /** @throws TooManyFailures if the limit is reached without the attempts in progress */
  check(key: string): void {
    const failed = this.countOf(key) - (this.inProgress.get(key)?.count ?? 0);
    if (failed >= this.failures) throw new TooManyFailures(this.counts.getRemainingTTL(key) + 1);
  }

  /**
   * Begins an attempt as soon as the limit allows it. The caller must end it with `fail`, `release` or `reset`.
   * @throws TooManyFailures
   */
  async begin(key: string): Promise<void> {
    while (!this.tryCount(key)) {
      this.check(key);
      const others = this.inProgress.get(key);
      if (!others) continue;
      if (others.waiting.length >= MAX_WAITING) throw new TooManyFailures(WAIT_FOR_OTHERS_MS);
      await new Promise<void>((resolve) => others.waiting.push(resolve));
    }
  }

  /** Ends an attempt that failed. */
  fail(key: string): void {
    this.end(key);
  }

  /** Ends an attempt that does not count as a failure. */
  release(key: string): void {
    const count = this.countOf(key);
    if (count > 1) this.counts.set(key, count - 1);
    else this.counts.delete(key);
    this.end(key);
  }

  /** Ends a successful attempt and removes all failures of the key. */
  reset(key: string): void {
    this.counts.delete(key);
    this.end(key);
  }

  /** @returns whether the limit allows the attempt */
  private tryCount(key: string): boolean {
    const count = this.countOf(key);
    if (count >= this.failures) return false;
    this.counts.set(key, count + 1);
    const others = this.inProgress.get(key);
    if (others) others.count++;
    else this.inProgress.set(key, { count: 1, waiting: [] });
    return true;
  }

  private countOf(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  private end(key: string): void {
    const others = this.inProgress.get(key);
    if (!others) return;
    others.count--;
    if (others.count === 0) this.inProgress.delete(key);
    for (const resume of others.waiting.splice(0)) resume();
  }
}
