import { parseSettingsFile } from './settings-file';

describe('parseSettingsFile', () => {
  it('reads the literals of config files', () => {
    const settings = parseSettingsFile(`
# our server
from datetime import timedelta
SECRET_KEY = "something-secret"  # keep it
SQLALCHEMY_DATABASE_URI='postgresql://u:p@host/db'
LOGGING_LEVEL = logging.INFO
SECURITY_TOKEN_MAX_AGE = 60 * 60 * 6
FLEXMEASURES_ALLOW_DATA_OVERWRITE = True
FLEXMEASURES_MAX_PLANNING_HORIZON = None
FLEXMEASURES_PLANNING_HORIZON = timedelta(days=2, hours=1)
FLEXMEASURES_JOB_TTL = timedelta(1)
MAIL_DEFAULT_SENDER = (
    "FlexMeasures",
    "no-reply@example.com",
)
CORS_RESOURCES = [r"/api/*"]
SQLALCHEMY_ENGINE_OPTIONS = {"pool_recycle": 299, "connect_args": {"options": "-c timezone=utc"}}
`);
    expect(Object.fromEntries(settings)).toEqual({
      SECRET_KEY: 'something-secret',
      SQLALCHEMY_DATABASE_URI: 'postgresql://u:p@host/db',
      LOGGING_LEVEL: 'INFO',
      SECURITY_TOKEN_MAX_AGE: 21_600,
      FLEXMEASURES_ALLOW_DATA_OVERWRITE: true,
      FLEXMEASURES_MAX_PLANNING_HORIZON: null,
      FLEXMEASURES_PLANNING_HORIZON: 49 * 3_600_000,
      FLEXMEASURES_JOB_TTL: 24 * 3_600_000,
      MAIL_DEFAULT_SENDER: ['FlexMeasures', 'no-reply@example.com'],
      CORS_RESOURCES: ['/api/*'],
      SQLALCHEMY_ENGINE_OPTIONS: { pool_recycle: 299, connect_args: { options: '-c timezone=utc' } },
    });
  });

  it.each([
    ['PORT = int("5")', 'Setting PORT: line 1 does not contain a literal value'],
    ['PORT = 5 6', 'Setting PORT: line 1 has more than one value'],
    ['\nsomething else', 'line 2 is not of the form NAME = value'],
    ['TTL = timedelta(fortnights=1)', 'Setting TTL: timedelta(fortnights=1) is not understood'],
    ['NAMES = ["a"', 'Setting NAMES: line 1'],
  ])('reports the setting and the line of %s', (text, message) => {
    expect(() => parseSettingsFile(text)).toThrow(message);
  });
});
