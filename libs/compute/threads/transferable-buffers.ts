import { isArrayBuffer } from 'node:util/types';

/**
 * Finds the buffers of all typed arrays in plain data that can be transferred to another thread without a copy: those
 * that a typed array covers completely.
 */
export function transferableBuffers(data: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(data)) {
    const { buffer } = data;
    if (isArrayBuffer(buffer) && buffer.byteLength === data.byteLength) found.add(buffer);
  } else if (typeof data === 'object' && data !== null) {
    for (const part of Object.values(data)) transferableBuffers(part, found);
  }
  return [...found];
}
