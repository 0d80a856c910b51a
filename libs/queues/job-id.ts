import { createHash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/** JSON with sorted fields. Undefined fields are omitted. */
const canonicalJson = configure({ circularValue: Error });

/**
 * A UUID (version 8) from the SHA-256 hash of the canonical JSON of the parts. Equal parts give equal UUIDs; the order of
 * fields does not matter. If the hashed text changes, jobs in the database are no longer reused for equal new ones.
 */
export function hashToUuid(...parts: unknown[]): string {
  const digest = createHash('sha256').update(canonicalJson(parts)).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
