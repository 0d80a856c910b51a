import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

const EFFECTS = 'test/e2e/server/settings-effects.test.ts';
const NOTES = 'libs/config/setting-notes.spec.ts';
const PAGES = 'test/e2e/pages/pages.test.ts';
const USERS = 'test/e2e/users/users.test.ts';
const NO_EFFECT = [NOTES, 'says why %s has no effect'] as const;
/** With a Redis server that has a port, a password and a database of its own. */
const ON_REDIS = [
  'test/services/rate-limits.test.ts',
  'are shared by all servers, and apply to each one while Redis is down',
] as const;

/** The settings of the Python version 0.12, each with a test that shows its effect, or why it has none. */
const TESTS: Readonly<Record<string, readonly [file: string, title: string]>> = {
  LOGGING_LEVEL: [
    'test/e2e/server/logs.test.ts',
    'contain method, path, status and user of each request, but no secrets',
  ],
  FLEXMEASURES_MODE: [
    'test/e2e/pages/modes.test.ts',
    'shows the latest value also if it is in the future, and no queues to members',
  ],
  FLEXMEASURES_ALLOW_DATA_OVERWRITE: [
    EFFECTS,
    'FLEXMEASURES_ALLOW_DATA_OVERWRITE lets sources replace what they have stated',
  ],
  FLEXMEASURES_LP_SOLVER: [
    'test/e2e/server/environments.test.ts',
    'the start says what is missing and what has no effect',
  ],
  FLEXMEASURES_HOSTS_AND_AUTH_START: [
    'test/e2e/resources/resources.test.ts',
    'have an entity address with the host of the request',
  ],
  FLEXMEASURES_PLUGINS: [
    'test/e2e/plugins/documented-plugins.test.ts',
    'show a page in the frame at / and at its own path, in the menu, with a footer and versions',
  ],
  FLEXMEASURES_PLUGIN_PATHS: [EFFECTS, 'FLEXMEASURES_PLUGIN_PATHS is the old name of FLEXMEASURES_PLUGINS'],
  FLEXMEASURES_DB_BACKUP_PATH: [EFFECTS, 'FLEXMEASURES_DB_BACKUP_PATH is the folder of dumps'],
  FLEXMEASURES_PROFILE_REQUESTS: [
    'test/e2e/server/logs.test.ts',
    'contain no single requests by default, unless requests are profiled',
  ],
  FLEXMEASURES_PLATFORM_NAME: [PAGES, 'has the name, logo and style sheet of the settings'],
  FLEXMEASURES_MENU_LOGO_PATH: [PAGES, 'has the name, logo and style sheet of the settings'],
  FLEXMEASURES_EXTRA_CSS_PATH: [PAGES, 'has the name, logo and style sheet of the settings'],
  FLEXMEASURES_ROOT_VIEW: [EFFECTS, 'FLEXMEASURES_ROOT_VIEW sends people from / to a page'],
  FLEXMEASURES_MENU_LISTED_VIEWS: [
    EFFECTS,
    'FLEXMEASURES_MENU_LISTED_VIEWS, _ICONS and _TITLES make the menu',
  ],
  FLEXMEASURES_MENU_LISTED_VIEW_ICONS: [
    EFFECTS,
    'FLEXMEASURES_MENU_LISTED_VIEWS, _ICONS and _TITLES make the menu',
  ],
  FLEXMEASURES_MENU_LISTED_VIEW_TITLES: [
    EFFECTS,
    'FLEXMEASURES_MENU_LISTED_VIEWS, _ICONS and _TITLES make the menu',
  ],
  FLEXMEASURES_HIDE_NAN_IN_UI: [
    EFFECTS,
    'FLEXMEASURES_HIDE_NAN_IN_UI leaves figures empty that cannot be computed',
  ],
  RQ_DASHBOARD_POLL_INTERVAL: [
    'test/services/tasks.test.ts',
    'shows the content of the queues, and refreshes at the configured interval',
  ],
  FLEXMEASURES_ASSET_TYPE_GROUPS: [
    EFFECTS,
    'FLEXMEASURES_ASSET_TYPE_GROUPS groups the types on the dashboard',
  ],
  FLEXMEASURES_JS_VERSIONS: NO_EFFECT,
  FLEXMEASURES_TIMEZONE: [
    'test/e2e/commands/command-line.test.ts',
    'gives new users the time zone of the setting, and refuses a zone that does not exist',
  ],
  FLEXMEASURES_JOB_TTL: [
    'test/integration/time/expiry.test.ts',
    'fails jobs that nobody has begun within FLEXMEASURES_JOB_TTL, and forgets them after FLEXMEASURES_PLANNING_TTL',
  ],
  FLEXMEASURES_PLANNING_TTL: [
    'test/integration/time/expiry.test.ts',
    'fails jobs that nobody has begun within FLEXMEASURES_JOB_TTL, and forgets them after FLEXMEASURES_PLANNING_TTL',
  ],
  FLEXMEASURES_PLANNING_HORIZON: [
    EFFECTS,
    'FLEXMEASURES_PLANNING_HORIZON and FLEXMEASURES_MAX_PLANNING_HORIZON bound schedules',
  ],
  FLEXMEASURES_MAX_PLANNING_HORIZON: [
    EFFECTS,
    'FLEXMEASURES_PLANNING_HORIZON and FLEXMEASURES_MAX_PLANNING_HORIZON bound schedules',
  ],
  MAPBOX_ACCESS_TOKEN: [
    EFFECTS,
    'MAPBOX_ACCESS_TOKEN shows the tiles of Mapbox, which the security policy allows',
  ],
  SENTRY_DSN: [
    'test/e2e/server/monitoring.test.ts',
    'are unexpected failures, which Sentry gets with their stack',
  ],
  SENTRY_SDN: [
    'test/e2e/commands/monitor.test.ts',
    'sends alerts to Sentry, with environment, release and options of the host',
  ],
  SQLALCHEMY_DATABASE_URI: [
    'test/e2e/server/environments.test.ts',
    'show config says where values come from, masks secrets, and finds typing errors',
  ],
  SQLALCHEMY_ENGINE_OPTIONS: NO_EFFECT,
  SQLALCHEMY_TEST_DATABASE_URI: [NOTES, 'use the database of tests in tests, from the environment only'],
  SECRET_KEY: [
    'test/e2e/server/environments.test.ts',
    'a server in production does not start without a key, and says where it looked',
  ],
  SECURITY_PASSWORD_SALT: [
    'test/e2e/commands/import-python.test.ts',
    'lets users log in with their old passwords, and shows them their assets',
  ],
  SECURITY_TOKEN_AUTHENTICATION_HEADER: [
    USERS,
    'are read from the configured header, and expire after the configured time',
  ],
  SECURITY_TOKEN_MAX_AGE: [
    USERS,
    'are read from the configured header, and expire after the configured time',
  ],
  SECURITY_TRACKABLE: NO_EFFECT,
  SECURITY_LOGIN_USER_TEMPLATE: [
    'test/e2e/plugins/documented-plugins.test.ts',
    'bring style sheets, logo, icon and a teaser on the login page',
  ],
  CORS_ORIGINS: ['test/e2e/server/server-setup.test.ts', 'adds its headers to errors too'],
  CORS_RESOURCES: [
    EFFECTS,
    'CORS_RESOURCES and CORS_SUPPORTS_CREDENTIALS decide what pages of other origins may do',
  ],
  CORS_SUPPORTS_CREDENTIALS: [
    EFFECTS,
    'CORS_RESOURCES and CORS_SUPPORTS_CREDENTIALS decide what pages of other origins may do',
  ],
  MAIL_SERVER: [USERS, 'logs at the start that mail is off, and each e-mail that was not sent'],
  MAIL_PORT: ['test/e2e/commands/monitor.test.ts', 'says if the mail could not be sent'],
  MAIL_USE_TLS: [
    'test/e2e/commands/monitor.test.ts',
    'exits with 3 and sends a mail for each task that is late, failed or never ran',
  ],
  MAIL_USE_SSL: [EFFECTS, 'MAIL_USE_SSL talks TLS to the mail server from the first byte on'],
  MAIL_USERNAME: [USERS, 'ends tokens and the old password, and sends a link that works once'],
  MAIL_PASSWORD: [USERS, 'ends tokens and the old password, and sends a link that works once'],
  MAIL_DEFAULT_SENDER: [USERS, 'ends tokens and the old password, and sends a link that works once'],
  FLEXMEASURES_SENTRY_CONFIG: [
    'test/e2e/commands/monitor.test.ts',
    'sends alerts to Sentry, with environment, release and options of the host',
  ],
  FLEXMEASURES_TASK_CHECK_AUTH_TOKEN: [
    'test/e2e/server/ops.test.ts',
    'tell the latest run only to programs with the token for task checks',
  ],
  FLEXMEASURES_MONITORING_MAIL_RECIPIENTS: [
    'test/e2e/commands/monitor.test.ts',
    'exits with 3 and sends a mail for each task that is late, failed or never ran',
  ],
  FLEXMEASURES_REDIS_URL: [
    'test/services/tasks.test.ts',
    'shows the jobs in the database while Redis is not available',
  ],
  FLEXMEASURES_REDIS_PORT: ON_REDIS,
  FLEXMEASURES_REDIS_DB_NR: ON_REDIS,
  FLEXMEASURES_REDIS_PASSWORD: ON_REDIS,
  FLEXMEASURES_PUBLIC_DEMO_CREDENTIALS: ['test/e2e/pages/modes.test.ts', 'shows credentials to visitors'],
  FLEXMEASURES_DEMO_YEAR: ['test/e2e/pages/modes.test.ts', 'shows the data of the demo year as current'],
  FLASK_ENV: ['test/e2e/server/environments.test.ts', 'readers are sent to HTTPS'],
  DEBUG: NO_EFFECT,
  OPENWEATHERMAP_API_KEY: NO_EFFECT,
};

describe('Each setting of the Python version', () => {
  it.each(Object.entries(TESTS))('%s has the test %j', (_setting, [file, title]) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'");
    expect(text).toContain(`'${title}'`);
  });

  it('is in the documentation of the settings', () => {
    const document = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    expect(Object.keys(TESTS).filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
  });
});
