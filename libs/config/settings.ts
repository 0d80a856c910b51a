import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { ConfigError } from './config-error';
import { corsSettings, type CorsSettings } from './cors-settings';
import { logLevel, type LogLevel } from './log-level';
import { loginSettings, type LoginSettings } from './login-settings';
import { mailSettings, type MailSettings } from './mail-settings';
import { SettingSource } from './setting-source';
import { parseSettingsFile } from './settings-file';

/** Everything that a host can configure, typed. Durations are milliseconds. */
export interface Settings extends LoginSettings {
  /** Folder of the embedded database and of generated secrets. */
  home: string;
  /** PostgreSQL to use instead of the embedded one. */
  databaseUri: string | undefined;
  /** Whether frequent statements are prepared once per connection. */
  preparedStatements: boolean;
  secretKey: string | undefined;
  passwordSalt: string | undefined;
  /** Least level that is logged. */
  loggingLevel: LogLevel;
  /** Where the log goes, beside standard error; undefined: nowhere else. */
  logFile: string | undefined;
  /** Whether each request is logged with the time it took, whatever the level. */
  profileRequests: boolean;
  mode: string;
  allowDataOverwrite: boolean;
  /** Periods for which the table of beliefs gets partitions ahead of time: docs/data-model.md. */
  beliefPartitioning: 'none' | 'monthly' | 'yearly';
  /** First month, as "2021-01", in which each domain was its present owner's; for the addresses of sensors. */
  hostsAndAuthStart: Readonly<Record<string, string>>;
  /** Folders and names of packages whose code may be loaded. */
  plugins: string[];
  timezone: string;
  planningHorizonMs: number;
  /** null: unlimited. */
  maxPlanningHorizonMs: number | null;
  /** How long a job may wait for somebody to do it. */
  jobTtlMs: number;
  /** How long the same request is answered with the job that did it. */
  jobCacheTtlMs: number;
  /** How long jobs that have ended can be looked up; null: forever. */
  planningTtlMs: number | null;
  /** How long events stay readable after they were delivered. */
  eventRetentionMs: number;
  /** Whether forecasts follow from new data, unless attributes of sensors and assets say otherwise. */
  forecastAfterData: boolean;
  /** How long a calculation may take in a solver's thread before the thread is ended and its job fails. */
  solverTimeoutMs: number;
  /** After how long pages that show jobs look again. */
  dashboardPollMs: number;
  port: number;
  /** Bytes that the body of a request may have. */
  maxBodyBytes: number;
  /** Bytes that a file of data may have. */
  maxUploadBytes: number;
  /** Which proxies in front of the server are believed about addresses and protocol: all, so many, or these. */
  trustProxy: boolean | number | string[];
  /** Which web pages of other origins may call the server. */
  cors: CorsSettings;
  /** Where users find the server, scheme and host, for links in mails; undefined: the host does not say. */
  address: string | undefined;
  /** Where mail goes out; undefined: mail is off. */
  mail: MailSettings | undefined;
  /** Whether tables of figures leave out what cannot be said, in place of "nan". */
  hidesNan: boolean;
  /** Where jobs are queued; undefined when no Redis is configured. */
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
 * Reads the settings from the environment and the config file (`~/.flexmeasures.cfg`, `~/flexmeasures.cfg` or
 * `instance/flexmeasures.cfg`; FLEXMEASURES_CONFIG_PATH names another). The environment wins.
 * @throws ConfigError when a value has the wrong type.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const source = settingSource(env);
  const mode = source.text('FLEXMEASURES_MODE') ?? '';
  return {
    home: resolve(source.text('FLEXMEASURES_HOME') ?? defaultHome()),
    databaseUri: source.text('SQLALCHEMY_DATABASE_URI'),
    preparedStatements: source.flag('FLEXMEASURES_PREPARED_STATEMENTS') ?? true,
    secretKey: source.text('SECRET_KEY'),
    passwordSalt: source.text('SECURITY_PASSWORD_SALT'),
    ...loginSettings(source),
    loggingLevel: logLevel(source),
    logFile: source.isNone('FLEXMEASURES_LOG_FILE')
      ? undefined
      : resolve(source.text('FLEXMEASURES_LOG_FILE') ?? 'flexmeasures.log'),
    profileRequests: source.flag('FLEXMEASURES_PROFILE_REQUESTS') ?? false,
    mode,
    allowDataOverwrite: source.flag('FLEXMEASURES_ALLOW_DATA_OVERWRITE') ?? false,
    beliefPartitioning:
      source.choice('FLEXMEASURES_BELIEF_PARTITIONING', ['none', 'monthly', 'yearly']) ?? 'none',
    hostsAndAuthStart: hostsAndAuthStart(source),
    // The second name is that of old.
    plugins: source.texts('FLEXMEASURES_PLUGINS') ?? source.texts('FLEXMEASURES_PLUGIN_PATHS') ?? [],
    timezone: source.text('FLEXMEASURES_TIMEZONE') ?? 'Asia/Seoul',
    planningHorizonMs: source.duration('FLEXMEASURES_PLANNING_HORIZON') ?? 48 * HOUR_MS,
    maxPlanningHorizonMs: maxPlanningHorizon(source),
    jobTtlMs: source.duration('FLEXMEASURES_JOB_TTL') ?? 24 * HOUR_MS,
    jobCacheTtlMs: source.duration('FLEXMEASURES_JOB_CACHE_TTL') ?? HOUR_MS,
    planningTtlMs: planningTtl(source),
    eventRetentionMs: source.duration('FLEXMEASURES_EVENT_RETENTION') ?? HOUR_MS,
    // Data of simulations is not of its time.
    forecastAfterData: source.flag('FLEXMEASURES_FORECAST_AFTER_DATA') ?? mode !== 'play',
    solverTimeoutMs: source.duration('FLEXMEASURES_SOLVER_TIMEOUT') ?? 120_000,
    dashboardPollMs: source.number('RQ_DASHBOARD_POLL_INTERVAL') ?? 3000,
    port: source.number('PORT') ?? 5000,
    maxBodyBytes: source.number('MAX_CONTENT_LENGTH') ?? 10_000_000,
    maxUploadBytes: source.number('FLEXMEASURES_MAX_UPLOAD_BYTES') ?? 100_000_000,
    trustProxy: trustProxy(source),
    cors: corsSettings(source),
    address: address(source),
    mail: mailSettings(source),
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

function maxPlanningHorizon(source: SettingSource): number | null {
  if (source.isNone('FLEXMEASURES_MAX_PLANNING_HORIZON')) return null;
  return source.duration('FLEXMEASURES_MAX_PLANNING_HORIZON') ?? 169 * HOUR_MS;
}

function planningTtl(source: SettingSource): number | null {
  const ttlMs = source.duration('FLEXMEASURES_PLANNING_TTL') ?? 7 * 24 * HOUR_MS;
  return ttlMs < 0 ? null : ttlMs;
}

function address(source: SettingSource): string | undefined {
  const name = source.text('SERVER_NAME');
  const scheme = source.choice('PREFERRED_URL_SCHEME', ['http', 'https']) ?? 'https';
  if (name === undefined) return undefined;
  const address = `${scheme}://${name.toLowerCase()}`;
  if (URL.canParse(address) && new URL(address).origin === address) return address;
  throw new ConfigError('SERVER_NAME', 'a host name is expected, with a port if need be');
}

function trustProxy(source: SettingSource): boolean | number | string[] {
  const value = source.literal('FLEXMEASURES_TRUST_PROXY') ?? false;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  return source.texts('FLEXMEASURES_TRUST_PROXY') ?? false;
}

function redisSettings(source: SettingSource): RedisSettings | undefined {
  const host = source.text('FLEXMEASURES_REDIS_URL');
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

/** The project's own folder, or the user's when the package is installed as a dependency. */
function defaultHome(): string {
  const project = resolve(__dirname, __dirname.includes(`${sep}dist${sep}`) ? '../../..' : '../..');
  return project.includes(`${sep}node_modules${sep}`)
    ? join(homedir(), '.flexmeasures')
    : join(project, '.flexmeasures');
}

function settingSource(env: NodeJS.ProcessEnv): SettingSource {
  const named = env['FLEXMEASURES_CONFIG_PATH'];
  if (named !== undefined && !existsSync(named)) {
    throw new ConfigError('FLEXMEASURES_CONFIG_PATH', `there is no file ${named}`);
  }
  const candidates = named
    ? [named]
    : [
        join(homedir(), '.flexmeasures.cfg'),
        join(homedir(), 'flexmeasures.cfg'),
        resolve('instance', 'flexmeasures.cfg'),
      ];
  const path = candidates.find((candidate) => existsSync(candidate));
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  const refused = new Map<string, ConfigError>();
  const settings = parseSettingsFile(text, (error) => refused.set(error.setting, error));
  return new SettingSource(env, settings, refused);
}
