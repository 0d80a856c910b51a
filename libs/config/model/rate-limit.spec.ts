import { formatRateLimit, parseRateLimit } from './rate-limit';
import { readSettings } from '../settings';

describe('parseRateLimit', () => {
  it.each([
    ['500 per minute', 500, 60, '500 per minute'],
    ['10 per 5 minutes', 10, 300, '10 per 5 minutes'],
    [' 3/second ', 3, 1, '3 per second'],
    ['1 per 60 seconds', 1, 60, '1 per minute'],
    ['1000 Per Day', 1000, 86_400, '1000 per day'],
  ])('reads %j', (text, count, perS, formatted) => {
    expect(parseRateLimit(text)).toEqual({ count, perS });
    expect(formatRateLimit({ count, perS })).toBe(formatted);
  });

  it('reads "unlimited" as null', () => {
    expect(parseRateLimit('Unlimited')).toBeNull();
  });

  it.each([
    '',
    'many',
    '0 per minute',
    '5 per 0 minutes',
    '5 per month',
    '5 per 8 days',
    '-1 per hour',
    '1.5 per hour',
    '5',
  ])('does not read %j', (text) => {
    expect(parseRateLimit(text)).toBeUndefined();
  });
});

describe('The settings of rate limits', () => {
  it('have the defaults of FlexMeasures', () => {
    expect(readSettings({}).rateLimits).toEqual({
      isEnabled: true,
      requests: { count: 500, perS: 60 },
      triggers: { count: 10, perS: 300 },
      triggersPer: 'account',
    });
  });

  it('are read from the environment', () => {
    const env = {
      RATELIMIT_ENABLED: 'False',
      FLEXMEASURES_API_DEFAULT_RATE_LIMIT: 'unlimited',
      FLEXMEASURES_API_TRIGGER_RATE_LIMIT: '3 per hour',
      FLEXMEASURES_API_RATE_LIMIT_KEY: 'account+asset',
    };
    expect(readSettings(env).rateLimits).toEqual({
      isEnabled: false,
      requests: null,
      triggers: { count: 3, perS: 3600 },
      triggersPer: 'account+asset',
    });
  });

  it('do not apply in play mode', () => {
    expect(readSettings({ FLEXMEASURES_MODE: 'play' }).rateLimits.isEnabled).toBe(false);
  });

  it.each([
    [{ FLEXMEASURES_API_DEFAULT_RATE_LIMIT: 'often' }, /DEFAULT_RATE_LIMIT.*500 per minute/],
    [{ FLEXMEASURES_API_RATE_LIMIT_KEY: 'galaxy' }, /RATE_LIMIT_KEY.*account/],
  ])('are refused: %j', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });
});
