import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in a time that does not depend on the texts. */
export function isSameSecret(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
