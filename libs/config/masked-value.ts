import type { SettingSource } from './source/setting-source';
import type { SettingValue } from './source/settings-file';

const MASK = '********';

/** Settings whose value nobody may read on a screen. */
const SECRET = /SECRET|PASSWORD|SALT|CREDENTIALS|SENTRY_(?:DSN|SDN)|(?:TOKEN|KEY)$/;
/** Their names say otherwise, but their values are public. */
const PUBLIC = [
  'FLEXMEASURES_API_RATE_LIMIT_KEY',
  'FLEXMEASURES_BREACHED_PASSWORDS',
  'SECURITY_RESET_PASSWORD_WITHIN',
];

/** The value of a setting as text for people. Secrets are masked, also the password in the address of a database. */
export function maskedValue(source: SettingSource, name: string): string {
  if (SECRET.test(name) && !PUBLIC.includes(name)) return MASK;
  let value: SettingValue | undefined;
  try {
    value = source.literal(name);
  } catch {
    return 'not valid';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return maskPassword(text);
}

/** Parameters of the address of a database that have a password. */
const PASSWORD_IN_QUERY = /([?&](?:ssl)?password=)[^&\s"']*/gi;

/** Text with an address such as `scheme://user:password@host`, with a mask in place of the password. */
export function maskPassword(text: string): string {
  return maskPasswordOfUser(text.replaceAll(PASSWORD_IN_QUERY, `$1${MASK}`));
}

function maskPasswordOfUser(text: string): string {
  const [start, end] = [text.indexOf('://'), text.lastIndexOf('@')];
  if (start < 0 || end < start) return text;
  const [user = ''] = text.slice(start + '://'.length, end).split(':');
  const isAlone = user.length === end - start - '://'.length;
  return isAlone ? text : `${text.slice(0, start)}://${user}:${MASK}${text.slice(end)}`;
}
