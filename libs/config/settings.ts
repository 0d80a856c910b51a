import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { ConfigError } from './config-error';
import { parseSettingsFile, type SettingValue } from './settings-file';

/** Everything that a host can configure, typed. Durations are milliseconds. */
export interface Settings {
  /** Folder of the embedded database and of generated secrets. */
  home: string;
  /** PostgreSQL to use instead of the embedded one. */
  databaseUri: string | undefined;
  secretKey: string | undefined;
  passwordSalt: string | undefined;
  /** Name of the header that carries the token. */
  tokenHeader: string;
  /** Seconds for which a token is good. */
  tokenMaxAgeS: number;
  loggingLevel: string;
  mode: string;
  allowDataOverwrite: boolean;
  /** Periods for which the table of beliefs gets partitions ahead of time: docs/data-model.md. */
  beliefPartitioning: 'none' | 'monthly' | 'yearly';
  timezone: string;
  planningHorizonMs: number;
  /** null: unlimited. */
  maxPlanningHorizonMs: number | null;
  port: number;
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
  const source = new SettingSource(env, readConfigFile(env));
  return {
    home: resolve(source.text('FLEXMEASURES_HOME') ?? defaultHome()),
    databaseUri: source.text('SQLALCHEMY_DATABASE_URI'),
    secretKey: source.text('SECRET_KEY'),
    passwordSalt: source.text('SECURITY_PASSWORD_SALT'),
    tokenHeader: source.text('SECURITY_TOKEN_AUTHENTICATION_HEADER') ?? 'Authorization',
    tokenMaxAgeS: source.number('SECURITY_TOKEN_MAX_AGE') ?? 6 * 60 * 60,
    loggingLevel: source.text('LOGGING_LEVEL') ?? 'WARNING',
    mode: source.text('FLEXMEASURES_MODE') ?? '',
    allowDataOverwrite: source.flag('FLEXMEASURES_ALLOW_DATA_OVERWRITE') ?? false,
    beliefPartitioning:
      source.choice('FLEXMEASURES_BELIEF_PARTITIONING', ['none', 'monthly', 'yearly']) ?? 'none',
    timezone: source.text('FLEXMEASURES_TIMEZONE') ?? 'Asia/Seoul',
    planningHorizonMs: source.duration('FLEXMEASURES_PLANNING_HORIZON') ?? 48 * HOUR_MS,
    maxPlanningHorizonMs: maxPlanningHorizon(source),
    port: source.number('PORT') ?? 5000,
    redis: redisSettings(source),
  };
}

function maxPlanningHorizon(source: SettingSource): number | null {
  if (source.isNone('FLEXMEASURES_MAX_PLANNING_HORIZON')) return null;
  return source.duration('FLEXMEASURES_MAX_PLANNING_HORIZON') ?? 169 * HOUR_MS;
}

function redisSettings(source: SettingSource): RedisSettings | undefined {
  const host = source.text('FLEXMEASURES_REDIS_URL');
  if (host === undefined) return undefined;
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

function readConfigFile(env: NodeJS.ProcessEnv): Map<string, SettingValue> {
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
  return path ? parseSettingsFile(readFileSync(path, 'utf8')) : new Map<string, SettingValue>();
}

class SettingSource {
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly file: Map<string, SettingValue>,
  ) {}

  isNone(name: string): boolean {
    const text = this.env[name];
    return text === undefined ? this.file.get(name) === null : /^none$/i.test(text);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new ConfigError(name, 'a text is expected');
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    const chosen = choices.find((choice) => choice === text);
    if (text !== undefined && chosen === undefined) {
      throw new ConfigError(name, `one of ${choices.join(', ')} is expected`);
    }
    return chosen;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|1|yes|false|0|no)$/i.test(value))
      return /^(true|1|yes)$/i.test(value);
    throw new ConfigError(name, 'True or False is expected');
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw new ConfigError(name, 'a number is expected');
  }

  /** A timedelta of the file, or a number of seconds from the environment. */
  duration(name: string): number | undefined {
    const fromFile = this.env[name] === undefined;
    const value = this.number(name);
    return value === undefined || fromFile ? value : value * 1000;
  }

  private value(name: string): SettingValue | undefined {
    const text = this.env[name];
    if (text !== undefined) return text === '' ? undefined : text;
    return this.file.get(name) ?? undefined;
  }
}
