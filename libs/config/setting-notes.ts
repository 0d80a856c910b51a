import { closest } from 'fastest-levenshtein';
import type { SettingSource } from './source/setting-source';

/** Settings of the Python version that have no effect here, and why. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  FLEXMEASURES_LP_SOLVER: 'schedules are solved by HiGHS, which is included',
  FLEXMEASURES_JS_VERSIONS: 'pages use the chart libraries that the server ships',
  SQLALCHEMY_ENGINE_OPTIONS:
    'the database client of this server has other options, and keeps its connections alive',
  SECURITY_TRACKABLE: 'logins are counted, and nothing else is tracked',
  OPENWEATHERMAP_API_KEY: 'weather data comes from plugins',
  DEBUG: 'LOGGING_LEVEL = "DEBUG" logs more',
  TESTING: 'FLEXMEASURES_ENV = "testing" says it',
};

/** Names of settings of Flask and its extensions, which have no counterpart here. */
const OF_FLASK =
  /^(?:APPLICATION_|EXPLAIN_|FLASK_|JSON|MAX_COOKIE|PROPAGATE_|RQ_|SECURITY_|SEND_FILE|SESSION_|SQLALCHEMY_|TEMPLATES_|TRAP_|USE_X|WTF_|MAIL_|CORS_)/;

/** Names in the config file that are no settings, such as helpers of an author, start with an underscore or a small letter. */
const IS_SETTING = /^[A-Z][A-Z\d_]*$/;

/**
 * Sentences about settings that are set and have no effect: with the reason, or with the nearest name that exists.
 * Call it after the settings were read, also those of plugins.
 */
export function findIneffective(source: SettingSource): string[] {
  const known = source.knownNames;
  const ofFile = [...source.file.values.keys(), ...source.file.invalid.keys()];
  const ofVariables = [...source.names, ...source.variables].filter(
    (name) => name.startsWith('FLEXMEASURES_') || Object.hasOwn(WITHOUT_EFFECT, name),
  );
  const names = new Set([...ofFile, ...ofVariables].filter((name) => IS_SETTING.test(name)));
  return [...names].flatMap((name) => {
    // The server says itself when it ignores one that it reads.
    const reason = WITHOUT_EFFECT[name];
    if (reason === undefined && known.includes(name)) return [];
    const place = source.originOf(name);
    // Variables of this kind are usually those of other programs.
    if (['DEBUG', 'TESTING'].includes(name) && place === 'environment') return [];
    if (reason !== undefined) return [`Setting ${name} has no effect: ${reason}.`];
    if (OF_FLASK.test(name))
      return [`Setting ${name} has no effect: it is one of Flask or its extensions. Place: ${place}.`];
    return [`There is no setting ${name}; did you mean ${closest(name, known)}? Place: ${place}.`];
  });
}

/** Settings that should be set on a server that others use, and what happens without them. */
const RECOMMENDED: [name: string, without: string][] = [
  ['SQLALCHEMY_DATABASE_URI', 'an embedded database is used'],
  ['SECRET_KEY', 'a key in FLEXMEASURES_HOME is used'],
  ['MAIL_SERVER', 'no mail is sent'],
  ['FLEXMEASURES_REDIS_URL', 'the server runs the jobs itself'],
];

/** The recommended settings that are missing, and what happens without them. */
export const findMissing = (source: SettingSource): string[] =>
  RECOMMENDED.filter(([name]) => source.originOf(name) === undefined).map(
    ([name, without]) => `${name} (${without})`,
  );
