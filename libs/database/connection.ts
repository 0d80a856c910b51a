import type { Settings } from '#lib/config';
import { EmbeddedPostgres } from './embedded/embedded-postgres';
import { PostgresNaming } from './naming';
import { PreparingClient } from './preparing-client';

const POOL_SIZE = 16;
/** Whoever waits longer for a connection is told that there is none. */
const CONNECT_WITHIN_MS = 10_000;

/** Connection URI of the configured database, or of the embedded one, which is started if need be. */
export function databaseUri(settings: Settings): Promise<string> {
  return settings.databaseUri === undefined
    ? new EmbeddedPostgres(settings.home).ensureRunning()
    : Promise.resolve(settings.databaseUri);
}

/**
 * Options that every connection shares: times are read and written in UTC. Proxies that hand a connection from one
 * client to the next may not know prepared statements.
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
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      ...(usesPrepared && { Client: PreparingClient }),
    },
  };
}
