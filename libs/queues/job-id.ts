import { createHash } from 'node:crypto';

/** A UUID (version 8) from a hash of the parts. Equal parts give equal UUIDs; the order of fields does not matter. */
export function hashToUuid(...parts: unknown[]): string {
  const digest = createHash('sha256').update(canonicalJson(parts)).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** JSON with sorted fields. Undefined fields are omitted. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
