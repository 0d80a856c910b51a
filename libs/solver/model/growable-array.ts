type NumberArray = Float64Array | Int32Array | Uint8Array;

/** A typed array that doubles its room as numbers are pushed. */
export class GrowableArray<A extends NumberArray> {
  length = 0;

  constructor(private room: A) {}

  push(value: number): void {
    if (this.length === this.room.length) this.grow();
    this.room[this.length++] = value;
  }

  /** A copy of exactly the numbers pushed so far. */
  toArray(): A {
    return this.room.slice(0, this.length) as A;
  }

  private grow(): void {
    const constructor = this.room.constructor as new (length: number) => A;
    const larger = new constructor(Math.max(16, 2 * this.room.length));
    larger.set(this.room);
    this.room = larger;
  }
}
