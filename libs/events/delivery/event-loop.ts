import type { Clock, ClockTimer } from '#lib/time';

/** Polling interval, for events without a notification. */
export const POLL_MS = 1_000;

/** Minimum time between the starts of two rounds, so that a burst of events is read in a few rounds. */
const MIN_INTERVAL_MS = 200;

/** Runs rounds of work: when it is woken, after the delay that the last round returned, and at the polling interval. */
export class EventLoop {
  private timer: ClockTimer | undefined;
  private running: Promise<void> | undefined;
  private isWoken = false;
  private isStopped = false;
  private begunAtMs = -Infinity;
  private hasFailed = false;

  /**
   * @param round runs one round; resolves to the delay before the next one (ms)
   * @param onFailure is called for the first failure in a row; later rounds try again
   */
  constructor(
    private readonly round: () => Promise<number>,
    private readonly onFailure: (error: unknown) => void,
    private readonly clock: Clock,
  ) {}

  /** Starts a round at once, or right after the running one. */
  wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    if (!this.running) this.schedule(0);
  }

  /** Starts no more rounds and waits for the running one. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    this.timer?.cancel();
    // A clock that was set back must not stop the rounds.
    const gapMs = Math.min(this.begunAtMs + MIN_INTERVAL_MS - this.clock.now(), MIN_INTERVAL_MS);
    this.timer = this.clock.after(Math.max(delayMs, gapMs, 0), () => this.begin());
  }

  private begin(): void {
    this.isWoken = false;
    this.begunAtMs = this.clock.now();
    this.running = this.attempt().then((delayMs) => {
      this.running = undefined;
      this.schedule(this.isWoken ? 0 : Math.min(delayMs, POLL_MS));
    });
  }

  private async attempt(): Promise<number> {
    try {
      const delayMs = await this.round();
      this.hasFailed = false;
      return delayMs;
    } catch (error) {
      if (!this.hasFailed) this.onFailure(error);
      this.hasFailed = true;
      return POLL_MS;
    }
  }
}

/** Delay between rounds. It doubles while an open transaction prevents events from being read. */
export class PollDelay {
  private delayMs = 0;

  /** @returns the delay before the next round (ms) */
  next(isHeldBack: boolean): number {
    this.delayMs = isHeldBack ? Math.min(Math.max(2 * this.delayMs, MIN_INTERVAL_MS), POLL_MS) : 0;
    return isHeldBack ? this.delayMs : POLL_MS;
  }
}
