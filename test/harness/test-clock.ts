import { sleepBy, type Clock, type ClockTimer } from '#lib/time';

interface Pending {
  atMs: number;
  /** Of repeated work. */
  intervalMs?: number;
  work: () => void;
}

/** A clock that stands still until the test moves it. Work that is due at once begins as soon as possible. */
export class TestClock implements Clock {
  private readonly pending = new Set<Pending>();

  /** @param nowMs the time at which it begins */
  constructor(private nowMs = Date.now()) {}

  get offsetMs(): number {
    return this.nowMs - Date.now();
  }

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, work: () => void): ClockTimer {
    const timer = this.add({ atMs: this.nowMs + delayMs, work });
    if (delayMs <= 0) setImmediate(() => this.beginDue(this.nowMs));
    return timer;
  }

  every(intervalMs: number, work: () => void): ClockTimer {
    return this.add({ atMs: this.nowMs + intervalMs, intervalMs, work });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, delayMs, signal);
  }

  /** Moves the clock, and begins all work that is due until then, in order. */
  advance(ms: number): void {
    this.beginDue(this.nowMs + ms);
  }

  private beginDue(untilMs: number): void {
    for (let next = this.findDue(untilMs); next; next = this.findDue(untilMs)) {
      this.nowMs = Math.max(this.nowMs, next.atMs);
      if (next.intervalMs === undefined) this.pending.delete(next);
      else next.atMs += next.intervalMs;
      next.work();
    }
    this.nowMs = untilMs;
  }

  private findDue(untilMs: number): Pending | undefined {
    const due = [...this.pending].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }

  private add(pending: Pending): ClockTimer {
    this.pending.add(pending);
    return { cancel: () => this.pending.delete(pending) };
  }
}
