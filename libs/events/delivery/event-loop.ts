import type { Clock, ClockTimer } from '#lib/time';

/** How often to look for events that nobody told of. */
export const POLL_MS = 1_000;

/** Rounds do not begin more often, so that a burst of events is read in a few of them. */
const GAP_MS = 200;

/** Work in rounds: one when it is woken, one when the round before asked for it, and one now and then. */
export class EventLoop {
  private timer: ClockTimer | undefined;
  private running: Promise<void> | undefined;
  private isWoken = false;
  private isStopped = false;
  private begunAtMs = -Infinity;
  private hasFailed = false;

  /**
   * @param round one round; resolves to the milliseconds after which the next is wanted
   * @param onFailure told of the first failure in a row; later rounds try again
   */
  constructor(
    private readonly round: () => Promise<number>,
    private readonly onFailure: (error: unknown) => void,
    private readonly clock: Clock,
  ) {}

  /** Begins a round at once, or right after the running one. */
  wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    if (!this.running) this.schedule(0);
  }

  /** Begins no more rounds. @returns when the running one is over */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    this.timer?.cancel();
    // A clock that was set back must not stop the rounds.
    const gapMs = Math.min(this.begunAtMs + GAP_MS - this.clock.now(), GAP_MS);
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

/** Ever longer delays, for as long as a transaction that stays open holds events back. */
export class HoldBack {
  private delayMs = 0;

  /** @returns after how many milliseconds to look again */
  next(isHeldBack: boolean): number {
    this.delayMs = isHeldBack ? Math.min(Math.max(2 * this.delayMs, GAP_MS), POLL_MS) : 0;
    return isHeldBack ? this.delayMs : POLL_MS;
  }
}
