import { setImmediate } from 'node:timers/promises';

/** Maximum time for which a file blocks the event loop, ms. */
const SLICE_MS = 3;

/** Splits long work into time slices, between which the event loop can do other work. */
export class TimeSlice {
  private end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.end;
  }

  /** Yields to the event loop if the slice is over. */
  async yieldIfOver(): Promise<void> {
    if (!this.isOver) return;
    await setImmediate();
    this.end = performance.now() + SLICE_MS;
  }
}
