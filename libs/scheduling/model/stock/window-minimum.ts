/**
 * Minimum over a sliding window: a queue of the entries that are smaller than all entries after them (Lemire, 2006,
 * "Streaming maximum-minimum filter").
 */
export class WindowMinimum {
  private indices = new Int32Array(1024);
  private weights = new Float64Array(1024);
  private head = 0;
  private tail = 0;

  /** Empties the window and reserves space for `capacity` entries. */
  reset(capacity: number): void {
    if (this.indices.length < capacity) {
      this.indices = new Int32Array(2 * capacity);
      this.weights = new Float64Array(2 * capacity);
    }
    this.head = 0;
    this.tail = 0;
  }

  /** Adds the next entry; indices ascend. */
  push(index: number, weight: number): void {
    while (this.tail > this.head && this.weights[this.tail - 1]! >= weight) this.tail--;
    this.indices[this.tail] = index;
    this.weights[this.tail++] = weight;
  }

  /** Removes all entries up to and including `index`. */
  dropUpTo(index: number): void {
    while (this.head < this.tail && this.indices[this.head]! <= index) this.head++;
  }

  /** Smallest weight in the window; Infinity if it is empty. */
  get minimum(): number {
    return this.head < this.tail ? this.weights[this.head]! : Infinity;
  }
}
