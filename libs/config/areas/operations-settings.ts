import { resolve } from 'node:path';
import { ConfigError } from '../source/config-error';
import type { SettingSource } from '../source/setting-source';
import type { SettingValue } from '../source/settings-file';

/** Settings for those who run a server. */
export interface OperationsSettings {
  /** Folder of database backups. */
  backupFolder: string;
  /** Where errors and alerts are sent (Sentry); undefined: nowhere. */
  sentryDsn: string | undefined;
  /** Options for the client of Sentry. */
  sentryConfig: Readonly<Record<string, SettingValue>>;
  /** E-mail addresses for alerts of `flexmeasures monitor`. */
  alertRecipients: string[];
  /** Token with which other programs read the metrics; undefined: programs of this machine can, without a token. */
  metricsToken: string | undefined;
}

/** @throws ConfigError */
export function operationsSettings(source: SettingSource): OperationsSettings {
  return {
    backupFolder: resolve(source.text('FLEXMEASURES_DB_BACKUP_PATH') ?? 'migrations/dumps'),
    sentryDsn: sentryDsn(source),
    sentryConfig: dictionary(source, 'FLEXMEASURES_SENTRY_CONFIG'),
    alertRecipients: recipients(source),
    metricsToken: source.text('FLEXMEASURES_METRICS_TOKEN'),
  };
}

/** The second name, which is older, is a misspelling. */
function sentryDsn(source: SettingSource): string | undefined {
  for (const name of ['SENTRY_DSN', 'SENTRY_SDN']) {
    const dsn = source.text(name);
    if (dsn === undefined) continue;
    const url = URL.canParse(dsn) ? new URL(dsn) : undefined;
    if (url?.protocol.startsWith('http') === true && url.username !== '' && url.pathname.length > 1)
      return dsn;
    throw new ConfigError(name, 'a URL such as https://<public key>@<host>/<project id> is expected');
  }
  return undefined;
}

function recipients(source: SettingSource): string[] {
  const name = 'FLEXMEASURES_MONITORING_MAIL_RECIPIENTS';
  const addresses = source.texts(name) ?? [];
  if (addresses.every((address) => /^[^@\s]+@[^@\s]+$/.test(address))) return addresses;
  throw new ConfigError(name, 'a list of e-mail addresses is expected');
}

function dictionary(source: SettingSource, name: string): Record<string, SettingValue> {
  const value = source.literal(name) ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new ConfigError(name, 'a dictionary is expected');
}
