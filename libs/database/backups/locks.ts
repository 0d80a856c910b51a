import { DatabaseError } from 'pg';
import { DomainError } from '#lib/errors';

/** Waiting longer for programs that use the database is an error. */
export const LOCK_TIMEOUT = '10s';

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Whether PostgreSQL has ended a transaction because it and another one waited for each other. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === DEADLOCK;

/** Throws an error again, as a sentence about other programs if it is about their locks. @throws DomainError DATABASE_IN_USE */
export function toInUse(error: unknown): never {
  const cause: unknown = error instanceof Error && 'driverError' in error ? error.driverError : error;
  if (!(cause instanceof DatabaseError) || cause.code !== LOCK_NOT_AVAILABLE) throw error;
  const message = `Other programs have used the database for ${LOCK_TIMEOUT}. Stop servers and workers, and try again.`;
  throw new DomainError('DATABASE_IN_USE', message);
}
