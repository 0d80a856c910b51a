import type { Clock, ClockTimer } from './clock';

/**
 * Repeats work at an interval, one round at a time. One more round follows if others were due during a round.
 */
export class PeriodicTask {
  private timer: ClockTimer | undefined;
  private running: Promise<void> | undefined;
  private isDue = false;
  private isStopped = false;

  /** @param work must not reject: nobody waits for its result */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  /** Whether a long round should end early. */
  get isStopping(): boolean {
    return this.isStopped;
  }

  /** Starts the repetition. The first round begins after one interval. */
  start(): void {
    this.timer = this.clock.every(this.intervalMs, () => this.startRound());
  }

  /** Begins a round now, or after the running one. */
  startRound(): void {
    this.isDue = true;
    this.running ??= this.runDueRounds().finally(() => {
      this.running = undefined;
    });
  }

  /** Ends the repetition. Resolves when the running round has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  private async runDueRounds(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      await this.work();
    }
  }
}
