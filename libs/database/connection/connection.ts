import type { Settings } from '#lib/config';
import { EmbeddedPostgres } from '../embedded/embedded-postgres';
import { revivingClient } from '../embedded/reviving-client';
import { PostgresNaming } from './naming';
import { ObservedClient } from './observed-client';
import { PreparingClient } from './preparing-client';

const UTC = 'UTC';
const POOL_SIZE = 16;
/** Waiting longer for a connection of the pool is an error. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** Connection URI of the configured database, or of the embedded server, which is started if it does not run. */
export function getDatabaseUri(settings: Settings): Promise<string> {
  return settings.databaseUri === undefined
    ? new EmbeddedPostgres(settings.home).ensureRunning()
    : Promise.resolve(settings.databaseUri);
}

/** Options of the connections of an app. If the embedded server stops, the next connection starts it again. */
export async function appConnectionOptions(settings: Settings) {
  const { databaseUri, home, preparedStatements: usesPrepared } = settings;
  if (databaseUri !== undefined) return connectionOptions(databaseUri, { usesPrepared });
  const server = new EmbeddedPostgres(home);
  return connectionOptions(await server.ensureRunning(), { usesPrepared, server });
}

/** Connection poolers may ignore the time zone in the options of a connection; then it is set for the session. */
function ensureUtc(client: ObservedClient, done: (error?: Error) => void): void {
  if (client.timeZone === UTC) done();
  else client.query(`SET timezone TO '${UTC}'`).then(() => done(), done);
}

/**
 * Options of all connections. Times are read and written in UTC.
 * @param usesPrepared whether to use prepared statements, which some connection poolers do not support
 * @param server the embedded server, if connections start it again
 */
export function connectionOptions(
  uri: string,
  { usesPrepared = false, server = undefined as EmbeddedPostgres | undefined } = {},
) {
  const PoolClient = usesPrepared ? PreparingClient : ObservedClient;
  return {
    type: 'postgres' as const,
    namingStrategy: new PostgresNaming(),
    url: uri.replace(/^postgres(?:ql)?\+\w+:/, 'postgresql:'),
    extra: {
      options: `-c timezone=${UTC}`,
      verify: ensureUtc,
      application_name: 'flexmeasures',
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      Client: server ? revivingClient(PoolClient, server) : PoolClient,
    },
  };
}
