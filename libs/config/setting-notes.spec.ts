import { describePlaces, requireForProduction } from './environment';
import { maskedValue, maskPassword } from './masked-value';
import { findIneffective, findMissing } from './setting-notes';
import { SettingSource } from './source/setting-source';
import { readSettings } from './settings';
import { parseSettingsFile } from './source/settings-file';

const FILE = '/etc/flexmeasures.cfg';

function open(text: string, env: NodeJS.ProcessEnv = {}): SettingSource {
  const file = { path: FILE, lookedFor: [FILE], values: parseSettingsFile(text), invalid: new Map() };
  const source = new SettingSource({ env, file });
  readSettings(source);
  return source;
}

describe('findIneffective', () => {
  it('names the nearest setting of one that does not exist, and the place of both', () => {
    const source = open('FLEXMEASURES_PLATFORM_NAM = "x"', { FLEXMEASURES_TIMEZON: 'Europe/Amsterdam' });
    expect(findIneffective(source)).toEqual([
      `There is no setting FLEXMEASURES_PLATFORM_NAM; did you mean FLEXMEASURES_PLATFORM_NAME? Place: ${FILE}.`,
      'There is no setting FLEXMEASURES_TIMEZON; did you mean FLEXMEASURES_TIMEZONE? Place: environment.',
    ]);
  });

  it('gives the reason for settings of the Python version, and knows those of Flask', () => {
    const text =
      'FLEXMEASURES_LP_SOLVER = "cbc"\nSESSION_COOKIE_NAME = "x"\nSECURITY_TRACKABLE = True\n_helper = 1';
    expect(findIneffective(open(text))).toEqual([
      'Setting FLEXMEASURES_LP_SOLVER has no effect: schedules are solved by HiGHS, which is included.',
      `Setting SESSION_COOKIE_NAME has no effect: it is one of Flask or its extensions. Place: ${FILE}.`,
      'Setting SECURITY_TRACKABLE has no effect: logins are counted, and nothing else is tracked.',
    ]);
  });

  it.each([
    ['FLEXMEASURES_JS_VERSIONS', 'pages use the chart libraries that the server ships'],
    ['SQLALCHEMY_ENGINE_OPTIONS', 'the database client of this server has other options'],
    ['SECURITY_TRACKABLE', 'logins are counted, and nothing else is tracked'],
    ['OPENWEATHERMAP_API_KEY', 'weather data comes from plugins'],
    ['DEBUG', 'LOGGING_LEVEL = "DEBUG" logs more'],
  ])('says why %s has no effect', (name, reason) => {
    expect(findIneffective(open(`${name} = "x"`))).toEqual([
      expect.stringContaining(`Setting ${name} has no effect: ${reason}`),
    ]);
  });

  it('accepts settings that are read only if others are set, and variables of other programs', () => {
    const text = 'MAIL_PORT = 25\nFLEXMEASURES_REDIS_DB_NR = 1\nMONITOR_FREQUENCY_IMPORT = 5';
    expect(findIneffective(open(text, { PATH: '/bin', DEBUG: 'express' }))).toEqual([]);
  });
});

it('names missing settings, and what happens without them', () => {
  expect(findMissing(open('SECRET_KEY = "x"', { MAIL_SERVER: 'mail' }))).toEqual([
    'SQLALCHEMY_DATABASE_URI (an embedded database is used)',
    'FLEXMEASURES_REDIS_URL (the server runs the jobs itself)',
  ]);
});

describe('environments', () => {
  it('need a database and a key in production, and say where they were looked for', () => {
    const source = open('FLASK_ENV = "production"\nSECRET_KEY = "x"');
    expect(() => requireForProduction(source, readSettings(source).environment)).toThrow(
      `Setting SQLALCHEMY_DATABASE_URI: needed in the environment "production" and not set. The config file is ${FILE}.`,
    );
    const nowhere = new SettingSource({
      env: {},
      file: { lookedFor: ['/a', '/b', '/c'], values: new Map(), invalid: new Map() },
    });
    expect(describePlaces(nowhere)).toBe('There is no config file: neither /a, /b nor /c.');
    expect(() => requireForProduction(nowhere, 'staging')).toThrow(
      'Setting SQLALCHEMY_DATABASE_URI, SECRET_KEY:',
    );
    expect(() => requireForProduction(nowhere, 'development')).not.toThrow();
  });

  it('use the database of tests in tests, from the environment only', () => {
    const uris = { SQLALCHEMY_DATABASE_URI: 'a', SQLALCHEMY_TEST_DATABASE_URI: 'b' };
    expect(readSettings({ ...uris, FLEXMEASURES_ENV: 'testing' }).databaseUri).toBe('b');
    expect(readSettings(uris).databaseUri).toBe('a');
    const source = open('SQLALCHEMY_TEST_DATABASE_URI = "c"', { FLASK_ENV: 'testing' });
    expect(readSettings(source).databaseUri).toBeUndefined();
    expect(() => readSettings({ FLASK_ENV: 'prod' })).toThrow(
      'Setting FLASK_ENV: one of production, staging',
    );
  });
});

describe('maskedValue', () => {
  it('masks secrets and the password in an address, and shows the rest', () => {
    const source = open('', {
      SECRET_KEY: 'abc',
      MAPBOX_ACCESS_TOKEN: 'abc',
      SQLALCHEMY_DATABASE_URI: 'postgresql://me:abc@host:5432/db',
      FLEXMEASURES_PLANNING_HORIZON: '3600',
      SECURITY_TOKEN_MAX_AGE: '60',
    });
    expect(maskedValue(source, 'SECRET_KEY')).toBe('********');
    expect(maskedValue(source, 'MAPBOX_ACCESS_TOKEN')).toBe('********');
    expect(maskedValue(source, 'SQLALCHEMY_DATABASE_URI')).toBe('postgresql://me:********@host:5432/db');
    expect(maskedValue(source, 'SECURITY_TOKEN_MAX_AGE')).toBe('60');
    expect(maskPassword('postgresql://host/db?user=me&password=abc&sslmode=require')).toBe(
      'postgresql://host/db?user=me&password=********&sslmode=require',
    );
    expect(source.originOf('SECRET_KEY')).toBe('environment');
  });
});
