import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readSettings } from './settings';

const HOUR_MS = 3_600_000;

describe('readSettings', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-settings-'));
    file = join(folder, 'flexmeasures.cfg');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(file, text);
    return readSettings({ FLEXMEASURES_CONFIG_PATH: file, ...env });
  };

  it('has the defaults of FlexMeasures', () => {
    expect(read('')).toMatchObject({
      databaseUri: undefined,
      loggingLevel: 'WARNING',
      mode: '',
      allowDataOverwrite: false,
      beliefPartitioning: 'none',
      hostsAndAuthStart: { 'flexmeasures.io': '2021-01' },
      maxUploadBytes: 100_000_000,
      planningHorizonMs: 48 * HOUR_MS,
      maxPlanningHorizonMs: 169 * HOUR_MS,
      port: 5000,
      redis: undefined,
    });
  });

  it('gives the environment priority over the file', () => {
    const text = 'FLEXMEASURES_MODE = "demo"\nPORT = 1\nFLEXMEASURES_PLANNING_HORIZON = timedelta(hours=3)\n';
    expect(read(text, { PORT: '2' })).toMatchObject({
      mode: 'demo',
      port: 2,
      planningHorizonMs: 3 * HOUR_MS,
    });
  });

  it('reads the file .env of the working directory, which the environment overrides', () => {
    const before = process.cwd();
    writeFileSync(join(folder, '.env'), '# local\nFLEXMEASURES_MODE=play\nexport PORT="3"\n');
    process.chdir(folder);
    try {
      expect(read('PORT = 1\nFLEXMEASURES_MODE = "demo"', { PORT: '2' })).toMatchObject({
        mode: 'play',
        port: 2,
      });
      expect(read('PORT = 1')).toMatchObject({ mode: 'play', port: 3 });
    } finally {
      process.chdir(before);
    }
  });

  it('reads the Redis settings if a server is configured', () => {
    const redis = { host: 'queue', port: 6379, db: 0, password: undefined };
    expect(read('FLEXMEASURES_REDIS_URL = "queue"').redis).toEqual(redis);
    const env = {
      FLEXMEASURES_REDIS_URL: 'queue',
      FLEXMEASURES_REDIS_DB_NR: '3',
      FLEXMEASURES_REDIS_PORT: '7000',
    };
    expect(read('FLEXMEASURES_REDIS_PASSWORD = "pass"', env).redis).toEqual({
      ...{ host: 'queue', port: 7000, db: 3, password: 'pass' },
    });
  });

  it.each(['redis://:the-password@queue:6379/0', ':the-password@queue', 'unix:/run/redis.sock'])(
    'refuses %s as the host of Redis, and does not repeat it',
    (url) => {
      const refused = () => read('', { FLEXMEASURES_REDIS_URL: url });
      expect(refused).toThrow('Setting FLEXMEASURES_REDIS_URL: a host name is expected, and no URL');
      expect(refused).not.toThrow(url);
      expect(refused).not.toThrow('the-password');
    },
  );

  it.each(['queue.example.com', '10.0.0.1', '::1'])('takes %s as the host of Redis', (host) => {
    expect(read('', { FLEXMEASURES_REDIS_URL: host }).redis?.host).toBe(host);
  });

  it('accepts an unlimited planning horizon', () => {
    expect(read('FLEXMEASURES_MAX_PLANNING_HORIZON = None').maxPlanningHorizonMs).toBeNull();
  });

  it('relaxes limits of schedules only if it says so', () => {
    expect(read('').relaxConstraints).toBe(false);
    expect(read('FLEXMEASURES_RELAX_CONSTRAINTS = True').relaxConstraints).toBe(true);
  });

  it('reads the retention of jobs; a negative duration means forever', () => {
    expect(read('')).toMatchObject({ jobTtlMs: 24 * HOUR_MS, planningTtlMs: 168 * HOUR_MS });
    const text =
      'FLEXMEASURES_JOB_TTL = timedelta(hours=2)\nFLEXMEASURES_PLANNING_TTL = timedelta(days=-1)\n';
    expect(read(text)).toMatchObject({ jobTtlMs: 2 * HOUR_MS, planningTtlMs: null });
  });

  it('accepts only the choices of a setting', () => {
    expect(read('FLEXMEASURES_BELIEF_PARTITIONING = "monthly"').beliefPartitioning).toBe('monthly');
    expect(() => read('FLEXMEASURES_BELIEF_PARTITIONING = "weekly"')).toThrow(
      'Setting FLEXMEASURES_BELIEF_PARTITIONING: one of none, monthly, yearly is expected',
    );
  });

  it('reads the ownership dates of domains', () => {
    const hosts = { 'company.flexmeasures.io': '2021-02' };
    const name = 'FLEXMEASURES_HOSTS_AND_AUTH_START';
    expect(read(`${name} = {"company.FlexMeasures.io": "2021-02"}`).hostsAndAuthStart).toEqual(hosts);
    expect(read('', { [name]: JSON.stringify(hosts) }).hostsAndAuthStart).toEqual(hosts);
    expect(() => read(`${name} = "2021-02"`)).toThrow('a dictionary is expected');
    expect(() => read(`${name} = {"a.io": "2021-13"}`)).toThrow(
      'a month such as 2021-01 is expected for a.io',
    );
  });

  it.each([
    ['"INFO"', 'INFO'],
    ['logging.ERROR', 'ERROR'],
    ['"debug"', 'DEBUG'],
    ['20', 'INFO'],
    ['35', 'ERROR'],
    ['99', 'CRITICAL'],
    ['logging.WARN', 'WARNING'],
    ['None', 'WARNING'],
  ])('reads LOGGING_LEVEL = %s', (value, level) => {
    expect(read(`import logging\nLOGGING_LEVEL = ${value}`).loggingLevel).toBe(level);
    expect(read('', { LOGGING_LEVEL: value.replaceAll('"', '') }).loggingLevel).toBe(level);
  });

  it('rejects unknown log levels', () => {
    expect(() => read('LOGGING_LEVEL = "LOUD"')).toThrow('Setting LOGGING_LEVEL: one of DEBUG, INFO');
  });

  it('logs to a file in the working directory by default', () => {
    expect(read('').logFile).toBe(resolve('flexmeasures.log'));
    expect(read('FLEXMEASURES_LOG_FILE = "/var/log/fm.log"').logFile).toBe('/var/log/fm.log');
    expect(read('FLEXMEASURES_LOG_FILE = None').logFile).toBeUndefined();
  });

  it.each([
    ['', false],
    ['FLEXMEASURES_TRUST_PROXY = True', true],
    ['FLEXMEASURES_TRUST_PROXY = 2', 2],
    ['FLEXMEASURES_TRUST_PROXY = ["loopback", "10.0.0.0/8"]', ['loopback', '10.0.0.0/8']],
  ])('reads trusted proxies from "%s"', (text, trustProxy) => {
    expect(read(text).trustProxy).toEqual(trustProxy);
  });

  it('reads trusted proxies from the environment', () => {
    expect(read('', { FLEXMEASURES_TRUST_PROXY: '1' }).trustProxy).toBe(1);
    expect(read('', { FLEXMEASURES_TRUST_PROXY: '10.0.0.1, 10.0.0.2' }).trustProxy).toEqual([
      '10.0.0.1',
      '10.0.0.2',
    ]);
    expect(read('', { FLEXMEASURES_TRUST_PROXY: '10.0.0.1' }).trustProxy).toEqual(['10.0.0.1']);
  });

  it('ignores settings that it does not use', () => {
    const text = `import os
FLEXMEASURES_LP_SOLVER = os.environ.get("SOLVER")
SQLALCHEMY_TEST_DATABASE_URI = [view for view in
    os.listdir("views")]
SQLALCHEMY_ENGINE_OPTIONS = {"pool_recycle": 299, "connect_args": dict(a=1)}
PORT = 5001
MY_PLUGIN_PATH = f"{os.getcwd()}/x"`;
    expect(read(text).port).toBe(5001);
    expect(read('PORT = int("1")\nPORT = 2').port).toBe(2);
  });

  it('rejects settings that it uses and cannot read, unless the environment has them', () => {
    const text = '\nPORT = int("5001")\nFLEXMEASURES_MODE = "play"';
    expect(() => read(text)).toThrow('Setting PORT: line 2 does not contain a literal value');
    expect(() => read('PORT = 1\nPORT = int("2")')).toThrow('Setting PORT: line 2');
    expect(read(text, { PORT: '3' })).toMatchObject({ port: 3, mode: 'play' });
  });

  it('reports the setting that has the wrong type', () => {
    expect(() => read('FLEXMEASURES_MODE = 3')).toThrow('Setting FLEXMEASURES_MODE: a text is expected');
    expect(() => read('', { PORT: 'high' })).toThrow('Setting PORT: a number is expected');
    expect(() => readSettings({ FLEXMEASURES_CONFIG_PATH: join(folder, 'none.cfg') })).toThrow(
      'does not exist',
    );
  });
});
