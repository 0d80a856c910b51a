import { loginSettings } from './login-settings';
import { mailSettings } from './mail-settings';
import { parseSettingsFile } from '../source/settings-file';
import { SettingSource } from '../source/setting-source';

const HOUR_MS = 3_600_000;

const source = (text: string, env: NodeJS.ProcessEnv = {}) =>
  new SettingSource({ env, file: { lookedFor: [], values: parseSettingsFile(text), invalid: new Map() } });

describe('loginSettings', () => {
  it('has the documented defaults', () => {
    expect(loginSettings(source(''))).toEqual({
      tokenHeader: 'Authorization',
      tokenMaxAgeS: 6 * 60 * 60,
      sessionLifetimeMs: 12 * HOUR_MS,
      resetPasswordWithinMs: 24 * HOUR_MS,
      loginLimits: { failuresPerUser: 10, failuresPerAddress: 100, withinMs: HOUR_MS / 12 },
    });
  });

  it.each([
    ['PERMANENT_SESSION_LIFETIME = timedelta(hours=3)', {}, 'sessionLifetimeMs', 3 * HOUR_MS],
    ['', { PERMANENT_SESSION_LIFETIME: '7200' }, 'sessionLifetimeMs', 2 * HOUR_MS],
    ['SECURITY_RESET_PASSWORD_WITHIN = "5 days"', {}, 'resetPasswordWithinMs', 120 * HOUR_MS],
    ['', { SECURITY_RESET_PASSWORD_WITHIN: '1 hour' }, 'resetPasswordWithinMs', HOUR_MS],
    ['SECURITY_TOKEN_MAX_AGE = 60 * 60', {}, 'tokenMaxAgeS', 3600],
  ] as const)('reads "%s" with the environment %j', (text, env, name, expected) => {
    expect(loginSettings(source(text, env))[name]).toBe(expected);
  });

  it.each([
    ['SECURITY_TOKEN_MAX_AGE = 0', 'a whole number above 0 is expected'],
    ['FLEXMEASURES_LOGIN_FAILURES_PER_USER = 1.5', 'a whole number above 0 is expected'],
    ['PERMANENT_SESSION_LIFETIME = timedelta(seconds=0)', 'at least one second is expected'],
    ['SECURITY_RESET_PASSWORD_WITHIN = "5 moons"', 'a number is expected'],
  ])('rejects %s', (text, message) => {
    expect(() => loginSettings(source(text))).toThrow(message);
  });
});

describe('mailSettings', () => {
  it('returns undefined without a server', () => {
    expect(mailSettings(source('MAIL_PORT = 587'))).toBeUndefined();
  });

  it('has the defaults of FlexMeasures', () => {
    expect(mailSettings(source('MAIL_SERVER = "localhost"'))).toEqual({
      server: 'localhost',
      port: 25,
      useTls: false,
      useSsl: false,
      username: undefined,
      password: undefined,
      sender: { name: 'FlexMeasures', address: 'no-reply@example.com' },
    });
  });

  const ME = { name: 'Me, Inc.', address: 'me@example.com' };

  it.each([
    ['a tuple', 'MAIL_DEFAULT_SENDER = ("Me, Inc.", "me@example.com")', undefined, ME],
    ['name and address', '', 'Me, Inc. <me@example.com>', ME],
    ['a JSON list', '', '["Me, Inc.", "me@example.com"]', ME],
    ['an address', 'MAIL_DEFAULT_SENDER = "me@example.com"', undefined, { ...ME, name: '' }],
  ])('reads the sender as %s', (_form, text, fromEnv, sender) => {
    const env = { MAIL_SERVER: 'localhost', MAIL_DEFAULT_SENDER: fromEnv };
    expect(mailSettings(source(text, env))?.sender).toEqual(sender);
  });

  it.each(['MAIL_DEFAULT_SENDER = "nobody"', 'MAIL_DEFAULT_SENDER = ("a", "b", 3)'])('rejects %s', (text) => {
    expect(() => mailSettings(source(text, { MAIL_SERVER: 'localhost' }))).toThrow('MAIL_DEFAULT_SENDER');
  });
});
