import { isArrayBuffer } from 'node:util/types';

/** The memory of all typed arrays in plain data that own theirs alone, so that it can be handed over without a copy. */
export function wholeBuffersOf(data: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(data)) {
    const { buffer } = data;
    if (isArrayBuffer(buffer) && buffer.byteLength === data.byteLength) found.add(buffer);
  } else if (typeof data === 'object' && data !== null) {
    for (const part of Object.values(data)) wholeBuffersOf(part, found);
  }
  return [...found];
}
