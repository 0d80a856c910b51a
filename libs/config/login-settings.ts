import { ConfigError } from './config-error';
import type { SettingSource } from './setting-source';

/** How users come in, and how long that lasts. */
export interface LoginSettings {
  /** Name of the header that carries the token. */
  tokenHeader: string;
  /** Seconds for which a token is good. */
  tokenMaxAgeS: number;
  /** How long somebody stays logged in on web pages. */
  sessionLifetimeMs: number;
  /** How long a mailed link to a new password is good. */
  resetPasswordWithinMs: number;
  /** After how many failures a login has to wait. */
  loginLimits: LoginLimits;
}

export interface LoginLimits {
  /** From one network address for one user. */
  failuresPerUser: number;
  /** From one network address, whoever the user. */
  failuresPerAddress: number;
  /** Within which time failures add up, and for which a login then waits at most. */
  withinMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** @throws ConfigError */
export function loginSettings(source: SettingSource): LoginSettings {
  return {
    tokenHeader: source.text('SECURITY_TOKEN_AUTHENTICATION_HEADER') ?? 'Authorization',
    tokenMaxAgeS: positive(source, 'SECURITY_TOKEN_MAX_AGE') ?? 6 * 60 * 60,
    sessionLifetimeMs: time(source, 'PERMANENT_SESSION_LIFETIME') ?? 12 * HOUR_MS,
    resetPasswordWithinMs: time(source, 'SECURITY_RESET_PASSWORD_WITHIN') ?? 24 * HOUR_MS,
    loginLimits: {
      failuresPerUser: positive(source, 'FLEXMEASURES_LOGIN_FAILURES_PER_USER') ?? 10,
      failuresPerAddress: positive(source, 'FLEXMEASURES_LOGIN_FAILURES_PER_ADDRESS') ?? 100,
      withinMs: time(source, 'FLEXMEASURES_LOGIN_FAILURES_WITHIN') ?? 5 * MINUTE_MS,
    },
  };
}

function positive(source: SettingSource, name: string): number | undefined {
  const value = source.number(name);
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError(name, 'a whole number above 0 is expected');
}

function time(source: SettingSource, name: string): number | undefined {
  const ms = source.duration(name);
  if (ms === undefined || ms >= 1000) return ms;
  throw new ConfigError(name, 'a second or more is expected');
}
