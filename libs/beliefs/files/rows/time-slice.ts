import { setImmediate } from 'node:timers/promises';

/** So long may one file keep this process busy before others have their turn, ms. */
const SLICE_MS = 3;

/** Parts long work into slices, between which the process does other things. */
export class TimeSlice {
  private end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.end;
  }

  /** Lets the process do other things if the slice is over. */
  async restIfOver(): Promise<void> {
    if (!this.isOver) return;
    await setImmediate();
    this.end = performance.now() + SLICE_MS;
  }
}
