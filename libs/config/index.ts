export type { CorsResource, CorsSettings } from './cors-settings';
export type { LoginLimits } from './login-settings';
export {
  formatRateLimit,
  parseRateLimit,
  RATE_LIMIT_FORM,
  TRIGGER_KEYS,
  type RateLimit,
  type TriggerKey,
} from './model';
export type { RateLimitSettings } from './rate-limit-settings';
export type { MailSettings } from './mail-settings';
export { readSettings, type RedisSettings, type Settings } from './settings';
export { isLoopback, publicUrl } from './public-url';
export type { LogLevel } from './log-level';
export { parseSettingsFile } from './settings-file';
export { ConfigError } from './config-error';
export { ConfigModule, SETTINGS } from './config.module';
