import { ConfigError } from './source/config-error';
import type { SettingSource } from './source/setting-source';

/** Where a server runs, as FLASK_ENV of the Python version. */
export const ENVIRONMENTS = ['production', 'staging', 'development', 'testing', 'documentation'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Settings without which no server starts in production. */
const REQUIRED: [name: string, advice: string][] = [
  [
    'SQLALCHEMY_DATABASE_URI',
    'give the address of a database: postgresql://user:password@host:port/database',
  ],
  ['SECRET_KEY', 'give a long random text, such as that of "openssl rand -hex 32"'],
];

/** The new name has priority over that of Flask. @throws ConfigError */
export const readEnvironment = (source: SettingSource): Environment | undefined => {
  source.know('FLASK_ENV');
  return source.choice('FLEXMEASURES_ENV', ENVIRONMENTS) ?? source.choice('FLASK_ENV', ENVIRONMENTS);
};

/** The address of the database. In tests, another setting has priority, which is read from the environment only. */
export function databaseUri(source: SettingSource, environment: Environment | undefined): string | undefined {
  const ofTests = source.variable('SQLALCHEMY_TEST_DATABASE_URI');
  const uri = source.text('SQLALCHEMY_DATABASE_URI');
  return environment === 'testing' ? (ofTests ?? uri) : uri;
}

/** Whether clients must use HTTPS. */
export const needsHttps = (environment: Environment | undefined): boolean =>
  environment === 'production' || environment === 'staging';

/**
 * Checks the settings that a server needs in production.
 * @throws ConfigError naming each one that is missing, and where settings were looked for
 */
export function requireForProduction(source: SettingSource, environment: Environment | undefined): void {
  if (!needsHttps(environment)) return;
  const missing = REQUIRED.filter(([name]) => source.text(name) === undefined);
  if (missing.length === 0) return;
  const advice = missing.map(([name, text]) => `${name}: ${text}`).join('; ');
  throw new ConfigError(
    missing.map(([name]) => name).join(', '),
    `needed in the environment "${environment}" and not set. ${describePlaces(source)} ${advice}.`,
  );
}

/** Where settings were looked for, for people. */
export function describePlaces({ file }: SettingSource): string {
  if (file.path !== undefined) return `The config file is ${file.path}.`;
  const last = file.lookedFor.at(-1)!;
  const others = file.lookedFor.slice(0, -1).join(', ');
  return `There is no config file: neither ${others} nor ${last}.`;
}
