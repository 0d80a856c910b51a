import type { Source } from './source.entity';

/** A source with the account of its user; null without a user. */
export interface OwnedSource extends Pick<Source, 'id' | 'name' | 'type' | 'model' | 'version' | 'userId'> {
  accountId: number | null;
}

/**
 * The latest version of each source: of sources with the same name, type, model and account, the one with the highest
 * version; of equal versions the one with the highest id.
 */
export function latestSources<S extends OwnedSource>(sources: readonly S[]): S[] {
  const latest = new Map<string, S>();
  for (const source of sources) {
    const key = JSON.stringify([source.name, source.type, source.model, source.accountId]);
    const other = latest.get(key);
    if (!other || compare(source, other) > 0) latest.set(key, source);
  }
  const kept = new Set(latest.values());
  return sources.filter((source) => kept.has(source));
}

const compare = (one: OwnedSource, other: OwnedSource): number =>
  compareVersions(one.version ?? '', other.version ?? '') || one.id - other.id;

/** Compares versions by their numbers: 1.10 is later than 1.9. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbersIn(one), numbersIn(other)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbersIn = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);
