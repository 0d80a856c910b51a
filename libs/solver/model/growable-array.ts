type NumberArray = Float64Array | Int32Array | Uint8Array;

/** A typed array that doubles its capacity when it is full. */
export class GrowableArray<A extends NumberArray> {
  length = 0;

  constructor(private buffer: A) {}

  push(value: number): void {
    if (this.length === this.buffer.length) this.grow();
    this.buffer[this.length++] = value;
  }

  /** A copy of the numbers pushed so far. */
  toArray(): A {
    return this.buffer.slice(0, this.length) as A;
  }

  private grow(): void {
    const constructor = this.buffer.constructor as new (length: number) => A;
    const larger = new constructor(Math.max(16, 2 * this.buffer.length));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
