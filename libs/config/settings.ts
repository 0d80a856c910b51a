import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { isTimeZone } from '#lib/time';
import { ConfigError } from './source/config-error';
import { databaseUri, readEnvironment, type Environment } from './environment';
import { corsSettings, type CorsSettings } from './areas/cors-settings';
import { logLevel, type LogLevel } from './log-level';
import { loginSettings, type LoginSettings } from './areas/login-settings';
import { mailSettings, type MailSettings } from './areas/mail-settings';
import { OLD_API_VERSIONS } from './model';
import { operationsSettings, type OperationsSettings } from './areas/operations-settings';
import { pageSettings, type PageSettings } from './areas/page-settings';
import { rateLimitSettings, type RateLimitSettings } from './areas/rate-limit-settings';
import { SettingSource } from './source/setting-source';
import { openSettings } from './source/setting-places';

/** All settings, typed. Durations are milliseconds. */
export interface Settings extends LoginSettings {
  /** Folder of the embedded database and the generated key. */
  home: string;
  /** The environment that the host names; undefined: none. */
  environment: Environment | undefined;
  /** PostgreSQL to use instead of the embedded one. */
  databaseUri: string | undefined;
  /** Whether frequent statements are prepared once per connection. */
  preparedStatements: boolean;
  secretKey: string | undefined;
  passwordSalt: string | undefined;
  /** File whose bytes are used instead of `passwordSalt`. */
  passwordSaltFile: string | undefined;
  /** Minimum level of log lines. */
  loggingLevel: LogLevel;
  /** Log file, in addition to standard error; undefined: none. */
  logFile: string | undefined;
  /** Form of log lines; undefined: readable on a terminal, JSON elsewhere. */
  logFormat: 'json' | 'readable' | undefined;
  /** Whether each request is logged with its duration, at any log level. */
  profileRequests: boolean;
  mode: string;
  allowDataOverwrite: boolean;
  /** Period of the partitions of the belief table; see docs/data-model.md. */
  beliefPartitioning: 'none' | 'monthly' | 'yearly';
  /** For each domain, the first month of its current owner ("2021-01"), for entity addresses. */
  hostsAndAuthStart: Readonly<Record<string, string>>;
  /** Plugin folders and names of plugin packages. */
  plugins: string[];
  timezone: string;
  planningHorizonMs: number;
  /** null: unlimited. */
  maxPlanningHorizonMs: number | null;
  /** Whether limits of the site and of states of charge in schedules are soft if requests do not say so. */
  relaxConstraints: boolean;
  /** Time until the deadline of a job: jobs that wait longer fail. */
  jobTtlMs: number;
  /** Maximum number of waiting and running jobs that were asked for, of one account; null: unlimited. */
  maxOpenJobsPerAccount: number | null;
  /** The same, of one user. */
  maxOpenJobsPerUser: number | null;
  /** How long after its end a job is reused for the same request. */
  jobCacheTtlMs: number;
  /** How long ended jobs are kept; null: forever. */
  planningTtlMs: number | null;
  /** How long events are kept after their delivery. */
  eventRetentionMs: number;
  /** Maximum time for which a handler of events may run. Then its transaction is rolled back, and it is tried again. */
  eventHandlerTimeoutMs: number;
  /** Whether new data triggers forecasts. Attributes of sensors and assets have priority. */
  forecastAfterData: boolean;
  /** Maximum time of a calculation in a solver thread. Then the thread is terminated and the job fails. */
  solverTimeoutMs: number;
  /** Backups, alerts and reports to those who run the server. */
  operations: OperationsSettings;
  /** Token with which other programs read the latest runs of tasks; undefined: nobody can. */
  taskCheckToken: string | undefined;
  /** Minutes between runs by name of the task, in capital letters. */
  monitorFrequencies: ReadonlyMap<string, number>;
  /** Refresh interval of pages that show jobs. */
  dashboardPollMs: number;
  /** Address of the network interface that the server listens on. */
  host: string;
  port: number;
  /** Maximum size of a request body in bytes. */
  maxBodyBytes: number;
  /** Maximum size of the attributes of a sensor or an asset as JSON, in bytes. */
  maxAttributesBytes: number;
  /** Maximum size of an uploaded file in bytes. */
  maxUploadBytes: number;
  /** Versions of the API before 3 that are switched off, as in paths: `v1`. */
  sunsetApiVersions: readonly string[];
  /** Proxies whose forwarded headers are trusted: all, a number of hops, or addresses. */
  trustProxy: boolean | number | string[];
  /** How long a request with an idempotency key gets the first answer again. */
  idempotencyTtlMs: number;
  /** Maximum number of open streams of events of one user; null: unlimited. */
  maxEventStreamsPerUser: number | null;
  /** How often clients may use the API. */
  rateLimits: RateLimitSettings;
  /** Access of web pages of other origins. */
  cors: CorsSettings;
  /** Base URL of the server (scheme and host), for links; undefined if not configured. */
  address: string | undefined;
  /** The mail server; undefined: mail is disabled. */
  mail: MailSettings | undefined;
  /** The web pages. */
  pages: PageSettings;
  /** Whether tables show empty cells instead of "nan". */
  hidesNan: boolean;
  /** The Redis server for jobs; undefined if none is configured. */
  redis: RedisSettings | undefined;
}

export interface RedisSettings {
  host: string;
  port: number;
  db: number;
  password: string | undefined;
}

const HOUR_MS = 3_600_000;

/**
 * Reads the settings; see `openSettings`.
 * @throws ConfigError if a value has the wrong type.
 */
export function readSettings(from: NodeJS.ProcessEnv | SettingSource = process.env): Settings {
  const source = from instanceof SettingSource ? from : openSettings(from);
  source.know('FLEXMEASURES_CONFIG_PATH', 'FLEXMEASURES_PLUGIN_PATHS');
  const mode = source.text('FLEXMEASURES_MODE') ?? '';
  const environment = readEnvironment(source);
  return {
    home: resolve(source.text('FLEXMEASURES_HOME') ?? defaultHome()),
    environment,
    databaseUri: databaseUri(source, environment),
    preparedStatements: source.flag('FLEXMEASURES_PREPARED_STATEMENTS') ?? true,
    secretKey: source.text('SECRET_KEY'),
    passwordSalt: source.text('SECURITY_PASSWORD_SALT'),
    passwordSaltFile: source.text('SECURITY_PASSWORD_SALT_FILE'),
    ...loginSettings(source),
    loggingLevel: logLevel(source),
    logFile: source.isNone('FLEXMEASURES_LOG_FILE')
      ? undefined
      : resolve(source.text('FLEXMEASURES_LOG_FILE') ?? 'flexmeasures.log'),
    logFormat: source.choice('FLEXMEASURES_LOG_FORMAT', ['json', 'readable']),
    profileRequests: source.flag('FLEXMEASURES_PROFILE_REQUESTS') ?? false,
    mode,
    allowDataOverwrite: source.flag('FLEXMEASURES_ALLOW_DATA_OVERWRITE') ?? false,
    beliefPartitioning:
      source.choice('FLEXMEASURES_BELIEF_PARTITIONING', ['none', 'monthly', 'yearly']) ?? 'none',
    hostsAndAuthStart: hostsAndAuthStart(source),
    // The second name is the old one.
    plugins: source.texts('FLEXMEASURES_PLUGINS') ?? source.texts('FLEXMEASURES_PLUGIN_PATHS') ?? [],
    timezone: timezone(source),
    planningHorizonMs: source.duration('FLEXMEASURES_PLANNING_HORIZON') ?? 48 * HOUR_MS,
    maxPlanningHorizonMs: maxPlanningHorizon(source),
    relaxConstraints: source.flag('FLEXMEASURES_RELAX_CONSTRAINTS') ?? false,
    jobTtlMs: source.duration('FLEXMEASURES_JOB_TTL') ?? 24 * HOUR_MS,
    maxOpenJobsPerAccount: maximumOf(source, 'FLEXMEASURES_MAX_OPEN_JOBS_PER_ACCOUNT', 1000),
    maxOpenJobsPerUser: maximumOf(source, 'FLEXMEASURES_MAX_OPEN_JOBS_PER_USER', 500),
    jobCacheTtlMs: source.duration('FLEXMEASURES_JOB_CACHE_TTL') ?? HOUR_MS,
    planningTtlMs: planningTtl(source),
    eventRetentionMs: source.duration('FLEXMEASURES_EVENT_RETENTION') ?? HOUR_MS,
    eventHandlerTimeoutMs: eventHandlerTimeout(source),
    // In play mode, data of simulations does not trigger forecasts by default.
    forecastAfterData: source.flag('FLEXMEASURES_FORECAST_AFTER_DATA') ?? mode !== 'play',
    solverTimeoutMs: source.duration('FLEXMEASURES_SOLVER_TIMEOUT') ?? 120_000,
    operations: operationsSettings(source),
    taskCheckToken: source.text('FLEXMEASURES_TASK_CHECK_AUTH_TOKEN'),
    monitorFrequencies: source.numbersWithPrefix('MONITOR_FREQUENCY_'),
    dashboardPollMs: source.number('RQ_DASHBOARD_POLL_INTERVAL') ?? 3000,
    host: source.text('HOST') ?? '127.0.0.1',
    port: source.number('PORT') ?? 5000,
    maxBodyBytes: source.number('MAX_CONTENT_LENGTH') ?? 10_000_000,
    maxAttributesBytes: source.number('FLEXMEASURES_MAX_ATTRIBUTES_BYTES') ?? 65_536,
    maxUploadBytes: source.number('FLEXMEASURES_MAX_UPLOAD_BYTES') ?? 100_000_000,
    sunsetApiVersions: sunsetApiVersions(source),
    trustProxy: trustProxy(source),
    idempotencyTtlMs: source.duration('FLEXMEASURES_IDEMPOTENCY_TTL') ?? 24 * HOUR_MS,
    maxEventStreamsPerUser: maximumOf(source, 'FLEXMEASURES_MAX_EVENT_STREAMS_PER_USER', 20),
    rateLimits: rateLimitSettings(source, mode),
    cors: corsSettings(source),
    address: address(source),
    mail: mailSettings(source),
    pages: pageSettings(source, mode),
    hidesNan: source.flag('FLEXMEASURES_HIDE_NAN_IN_UI') ?? false,
    redis: redisSettings(source),
  };
}

function hostsAndAuthStart(source: SettingSource): Record<string, string> {
  const name = 'FLEXMEASURES_HOSTS_AND_AUTH_START';
  const starts = source.literal(name) ?? { 'flexmeasures.io': '2021-01' };
  if (typeof starts !== 'object' || Array.isArray(starts)) {
    throw new ConfigError(name, 'a dictionary is expected');
  }
  return Object.fromEntries(
    Object.entries(starts).map(([host, month]) => {
      if (typeof month !== 'string' || !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)) {
        throw new ConfigError(name, `a month such as 2021-01 is expected for ${host}`);
      }
      return [host.toLowerCase(), month];
    }),
  );
}

function timezone(source: SettingSource): string {
  const name = 'FLEXMEASURES_TIMEZONE';
  const zone = source.text(name) ?? 'Asia/Seoul';
  if (isTimeZone(zone)) return zone;
  throw new ConfigError(name, 'a time zone such as Europe/Amsterdam is expected');
}

function maxPlanningHorizon(source: SettingSource): number | null {
  if (source.isNone('FLEXMEASURES_MAX_PLANNING_HORIZON')) return null;
  return source.duration('FLEXMEASURES_MAX_PLANNING_HORIZON') ?? 169 * HOUR_MS;
}

/** A whole number of at least 1; null for None, which means unlimited. */
function maximumOf(source: SettingSource, name: string, otherwise: number): number | null {
  if (source.isNone(name)) return null;
  const maximum = source.number(name) ?? otherwise;
  if (Number.isSafeInteger(maximum) && maximum >= 1) return maximum;
  throw new ConfigError(name, 'a whole number of at least 1 is expected, or None for no maximum');
}

function planningTtl(source: SettingSource): number | null {
  const ttlMs = source.duration('FLEXMEASURES_PLANNING_TTL') ?? 7 * 24 * HOUR_MS;
  return ttlMs < 0 ? null : ttlMs;
}

function eventHandlerTimeout(source: SettingSource): number {
  const name = 'FLEXMEASURES_EVENT_HANDLER_TIMEOUT';
  const timeoutMs = source.duration(name) ?? 30_000;
  if (timeoutMs > 0) return timeoutMs;
  throw new ConfigError(name, 'a duration above zero is expected');
}

function address(source: SettingSource): string | undefined {
  const name = source.text('SERVER_NAME');
  const scheme = source.choice('PREFERRED_URL_SCHEME', ['http', 'https']) ?? 'https';
  if (name === undefined) return undefined;
  const address = `${scheme}://${name.toLowerCase()}`;
  if (URL.canParse(address) && new URL(address).origin === address) return address;
  throw new ConfigError('SERVER_NAME', 'a host name with an optional port is expected');
}

function sunsetApiVersions(source: SettingSource): string[] {
  const name = 'FLEXMEASURES_SUNSET_API_VERSIONS';
  const versions = source.texts(name) ?? [];
  const unknown = versions.find((version) => !OLD_API_VERSIONS.includes(version));
  if (unknown === undefined) return versions;
  throw new ConfigError(name, `a list of ${OLD_API_VERSIONS.join(', ')} is expected`);
}

function trustProxy(source: SettingSource): boolean | number | string[] {
  const value = source.literal('FLEXMEASURES_TRUST_PROXY') ?? false;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  return source.texts('FLEXMEASURES_TRUST_PROXY') ?? false;
}

function redisSettings(source: SettingSource): RedisSettings | undefined {
  const host = source.text('FLEXMEASURES_REDIS_URL');
  source.know('FLEXMEASURES_REDIS_PORT', 'FLEXMEASURES_REDIS_DB_NR', 'FLEXMEASURES_REDIS_PASSWORD');
  if (host === undefined) return undefined;
  // The name asks for an URL; its password would stand in messages about the host.
  if (/[/@\s]/.test(host)) {
    const reason =
      'a host name is expected, and no URL; FLEXMEASURES_REDIS_PORT, FLEXMEASURES_REDIS_DB_NR and ' +
      'FLEXMEASURES_REDIS_PASSWORD tell the rest';
    throw new ConfigError('FLEXMEASURES_REDIS_URL', reason);
  }
  return {
    host,
    port: source.number('FLEXMEASURES_REDIS_PORT') ?? 6379,
    db: source.number('FLEXMEASURES_REDIS_DB_NR') ?? 0,
    password: source.text('FLEXMEASURES_REDIS_PASSWORD'),
  };
}

/** A folder in the project, or in the home folder of the user if the package is installed as a dependency. */
function defaultHome(): string {
  const project = resolve(__dirname, __dirname.includes(`${sep}dist${sep}`) ? '../../..' : '../..');
  return project.includes(`${sep}node_modules${sep}`)
    ? join(homedir(), '.flexmeasures')
    : join(project, '.flexmeasures');
}
