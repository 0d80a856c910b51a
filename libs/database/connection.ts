import type { Settings } from '#lib/config';
import { EmbeddedPostgres } from './embedded/embedded-postgres';
import { PostgresNaming } from './naming';
import { PreparingClient } from './preparing-client';

const POOL_SIZE = 16;
/** Waiting longer for a connection of the pool is an error. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** Connection URI of the configured database, or of the embedded server, which is started if it does not run. */
export function getDatabaseUri(settings: Settings): Promise<string> {
  return settings.databaseUri === undefined
    ? new EmbeddedPostgres(settings.home).ensureRunning()
    : Promise.resolve(settings.databaseUri);
}

/** As `getDatabaseUri`, for the connections of this process: the fastest way to the embedded server. */
export function getConnectionUri(settings: Settings): Promise<string> {
  return settings.databaseUri === undefined
    ? new EmbeddedPostgres(settings.home).ensureReachable()
    : Promise.resolve(settings.databaseUri);
}

/**
 * Options of all connections. Times are read and written in UTC.
 * @param usesPrepared whether to use prepared statements, which some connection poolers do not support
 */
export function connectionOptions(uri: string, { usesPrepared = false } = {}) {
  return {
    type: 'postgres' as const,
    namingStrategy: new PostgresNaming(),
    url: uri.replace(/^postgres(?:ql)?\+\w+:/, 'postgresql:'),
    extra: {
      options: '-c timezone=UTC',
      application_name: 'flexmeasures',
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      ...(usesPrepared && { Client: PreparingClient }),
    },
  };
}
