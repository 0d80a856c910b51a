import { createHash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/** JSON with sorted fields; fields without a value are left out. */
const canonicalJson = configure({ circularValue: Error });

/**
 * A UUID that is the same for the same parts, whatever the order of fields in them: version 8, made of the SHA-256 of their
 * canonical JSON. Changing how it is made means that jobs in the database no longer stand for new ones.
 */
export function uuidOf(...parts: unknown[]): string {
  const digest = createHash('sha256').update(canonicalJson(parts)).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
