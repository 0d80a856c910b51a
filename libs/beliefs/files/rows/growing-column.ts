/** Numbers per chunk. */
const CHUNK = 1 << 14;

/** A column of numbers that grows in chunks, so that growing copies nothing. */
export class GrowingColumn<T extends Float64Array | Int32Array> {
  length = 0;
  private readonly chunks: T[] = [];

  /** @param create makes an empty chunk */
  constructor(private readonly create: (length: number) => T) {}

  push(value: number): void {
    const at = this.length % CHUNK;
    if (at === 0) this.chunks.push(this.create(CHUNK));
    this.chunks[this.chunks.length - 1]![at] = value;
    this.length++;
  }

  get(index: number): number {
    return this.chunks[Math.floor(index / CHUNK)]![index % CHUNK]!;
  }

  set(index: number, value: number): void {
    this.chunks[Math.floor(index / CHUNK)]![index % CHUNK] = value;
  }
}
