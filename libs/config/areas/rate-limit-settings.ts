import { ConfigError } from '../source/config-error';
import { parseRateLimit, RATE_LIMIT_FORM, TRIGGER_KEYS, type RateLimit, type TriggerKey } from '../model';
import type { SettingSource } from '../source/setting-source';

/** How often clients may use the API, unless the plan of their account says otherwise. */
export interface RateLimitSettings {
  isEnabled: boolean;
  /** Of one user, or of one network address without a user; null: unlimited. */
  requests: RateLimit | null;
  /** Of requests for schedules and forecasts that were accepted; null: unlimited. */
  triggers: RateLimit | null;
  triggersPer: TriggerKey;
}

/**
 * Simulations in play mode are not limited.
 * @throws ConfigError
 */
export const rateLimitSettings = (source: SettingSource, mode: string): RateLimitSettings => ({
  isEnabled: (source.flag('RATELIMIT_ENABLED') ?? true) && mode !== 'play',
  requests: readLimit(source, 'FLEXMEASURES_API_DEFAULT_RATE_LIMIT', { count: 500, perS: 60 }),
  triggers: readLimit(source, 'FLEXMEASURES_API_TRIGGER_RATE_LIMIT', { count: 10, perS: 300 }),
  triggersPer: source.choice('FLEXMEASURES_API_RATE_LIMIT_KEY', TRIGGER_KEYS) ?? 'account',
});

function readLimit(source: SettingSource, name: string, otherwise: RateLimit): RateLimit | null {
  const text = source.text(name);
  if (text === undefined) return otherwise;
  const limit = parseRateLimit(text);
  if (limit === undefined) throw new ConfigError(name, RATE_LIMIT_FORM);
  return limit;
}
