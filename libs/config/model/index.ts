export { OLD_API_VERSIONS } from './old-api-versions';
export {
  formatRateLimit,
  parseRateLimit,
  RATE_LIMIT_FORM,
  TRIGGER_KEYS,
  type RateLimit,
  type TriggerKey,
} from './rate-limit';
export { CONFIG_FILES, DOTENV_FILE } from './config-files';
