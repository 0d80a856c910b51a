import { ConfigError } from '../source/config-error';
import type { SettingSource } from '../source/setting-source';

/** Settings of logins, tokens and sessions. */
export interface LoginSettings {
  /** Name of the header with the token. */
  tokenHeader: string;
  /** Validity of a token in seconds. */
  tokenMaxAgeS: number;
  /** Duration of a session on web pages. */
  sessionLifetimeMs: number;
  /** Validity of a password reset link. */
  resetPasswordWithinMs: number;
  /** File with a list of breached passwords, which users cannot choose; undefined: none. */
  breachedPasswords: string | undefined;
  /** Limits of failed logins. */
  loginLimits: LoginLimits;
}

export interface LoginLimits {
  /** Failures for one user from one network address. */
  failuresPerUser: number;
  /** Failures for all users from one network address. */
  failuresPerAddress: number;
  /** Period in which failures are counted; also the maximum time that a login must wait. */
  withinMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** @throws ConfigError */
export function loginSettings(source: SettingSource): LoginSettings {
  return {
    tokenHeader: source.text('SECURITY_TOKEN_AUTHENTICATION_HEADER') ?? 'Authorization',
    tokenMaxAgeS: readPositive(source, 'SECURITY_TOKEN_MAX_AGE') ?? 6 * 60 * 60,
    sessionLifetimeMs: readDuration(source, 'PERMANENT_SESSION_LIFETIME') ?? 12 * HOUR_MS,
    resetPasswordWithinMs: readDuration(source, 'SECURITY_RESET_PASSWORD_WITHIN') ?? 24 * HOUR_MS,
    breachedPasswords: source.text('FLEXMEASURES_BREACHED_PASSWORDS'),
    loginLimits: {
      failuresPerUser: readPositive(source, 'FLEXMEASURES_LOGIN_FAILURES_PER_USER') ?? 10,
      failuresPerAddress: readPositive(source, 'FLEXMEASURES_LOGIN_FAILURES_PER_ADDRESS') ?? 100,
      withinMs: readDuration(source, 'FLEXMEASURES_LOGIN_FAILURES_WITHIN') ?? 5 * MINUTE_MS,
    },
  };
}

function readPositive(source: SettingSource, name: string): number | undefined {
  const value = source.number(name);
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError(name, 'a whole number above 0 is expected');
}

function readDuration(source: SettingSource, name: string): number | undefined {
  const ms = source.duration(name);
  if (ms === undefined || ms >= 1000) return ms;
  throw new ConfigError(name, 'at least one second is expected');
}
