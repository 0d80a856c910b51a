/** How long one calculation may occupy the event loop before other work has its turn, ms. */
const SLICE_MS = 3;

/** A long calculation that can pause: it takes a few milliseconds at most from one `yield` to the next. */
export type Pausable<T> = Generator<undefined, T, undefined>;

/** Splits long work into time slices, between which the process serves other work. */
export class TimeSlice {
  private end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.end;
  }

  /** Lets the process do other work if the slice is over, and starts a new slice. */
  async pauseIfOver(): Promise<void> {
    if (!this.isOver) return;
    await turnOfEventLoop();
    this.end = performance.now() + SLICE_MS;
  }
}

/** Runs a calculation to its end, and pauses between time slices. */
export async function runInSlices<T>(calculation: Pausable<T>, slice = new TimeSlice()): Promise<T> {
  for (;;) {
    const step = calculation.next();
    if (step.done === true) return step.value;
    // Asked here, because each promise that short calculations await would cost more than they do.
    if (slice.isOver) await slice.pauseIfOver();
  }
}

/** Runs a calculation to its end without a pause. For calculations that are known to be short. */
export function runAtOnce<T>(calculation: Pausable<T>): T {
  for (;;) {
    const step = calculation.next();
    if (step.done === true) return step.value;
  }
}

/** Resolves after the event loop has served what waits. Browsers have no `setImmediate`. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}
