import { DomainError } from '#lib/errors';
import { MIGRATIONS } from '../migrations';

/** The newest migration, and the state before the oldest one, as Alembic names them. */
const HEAD = 'head';
const BASE = 'base';

/**
 * Number of the oldest migrations that are applied at a revision. A revision is the name of a migration, its number, an
 * unambiguous beginning of its name, `head` or `base`.
 * @throws DomainError REVISION_UNKNOWN
 */
export function countUntil(revision: string): number {
  if (revision.toLowerCase() === BASE) return 0;
  if (revision.toLowerCase() === HEAD) return MIGRATIONS.length;
  const names = MIGRATIONS.map(({ name }) => name);
  const exact = names.findIndex((name) => name === revision || name.replace(/^\D+/, '') === revision);
  if (exact >= 0) return exact + 1;
  const similar = names.filter((name) => name.toLowerCase().startsWith(revision.toLowerCase()));
  if (similar.length === 1) return names.indexOf(similar[0]!) + 1;
  const problem =
    similar.length === 0 ? `There is no revision ${revision}` : `Several revisions begin with ${revision}`;
  throw new DomainError(
    'REVISION_UNKNOWN',
    `${problem}. \`flexmeasures db history\` lists them.`,
    'revision',
  );
}
