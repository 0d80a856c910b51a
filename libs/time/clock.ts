/** Injection token of the clock of a process. */
export const CLOCK = Symbol('CLOCK');

/** Work that a clock does later. */
export interface ClockTimer {
  /** Keeps work from beginning; ends repetition. */
  cancel(): void;
}

/**
 * The time for everything that waits, expires or repeats. `SystemClock` is the real one; tests and simulations use others.
 * Limits of sockets, processes and computations are real time and do not use it.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * How many milliseconds this clock is ahead of that of the system; 0 for the real one. Times that the database takes
   * are moved by it.
   */
  readonly offsetMs: number;
  /** Does work once, after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, work: () => void): ClockTimer;
  /** Does work each `intervalMs`, for the first time after one interval. The timer does not keep the process alive. */
  every(intervalMs: number, work: () => void): ClockTimer;
  /** Resolves after `delayMs`. @throws the reason of the signal, if that is aborted before */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the system. */
export class SystemClock implements Clock {
  readonly offsetMs = 0;

  now(): number {
    return Date.now();
  }

  after(delayMs: number, work: () => void): ClockTimer {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  }

  every(intervalMs: number, work: () => void): ClockTimer {
    const timer = setInterval(work, intervalMs);
    timer.unref();
    return { cancel: () => clearInterval(timer) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, delayMs, signal);
  }
}

/** `Clock.sleep` by means of `Clock.after`. */
export function sleepBy(clock: Pick<Clock, 'after'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
