import { corsSettings, type CorsResource } from './cors-settings';
import { parseSettingsFile } from '../source/settings-file';
import { SettingSource } from '../source/setting-source';

const read = (file: string, env: NodeJS.ProcessEnv = {}): CorsResource[] =>
  corsSettings(
    new SettingSource({ env, file: { lookedFor: [], values: parseSettingsFile(file), invalid: new Map() } }),
  ).resources;

const isAllowed = ({ origins }: CorsResource, origin: string): boolean =>
  origins === 'any' || origins.some((one) => (typeof one === 'string' ? one === origin : one.test(origin)));

describe('corsSettings', () => {
  it('allows no other origin by default', () => {
    const [resource, ...rest] = read('');
    expect(rest).toEqual([]);
    expect(resource).toMatchObject({ origins: [], supportsCredentials: true });
    expect(['/api/v3_0/assets', '/api', '/docs', '/x/api/'].map((path) => resource!.path.test(path))).toEqual(
      [true, true, false, false],
    );
  });

  it('accepts literal origins and patterns for whole origins', () => {
    const [resource] = read(`CORS_ORIGINS = ["https://one.com", "null", r"https://.*\\.two\\.com"]`);
    const origins = [
      'https://one.com',
      'null',
      'https://a.two.com',
      'https://a.two.com.evil',
      'https://oneXcom',
    ];
    expect(origins.map((origin) => isAllowed(resource!, origin))).toEqual([true, true, true, false, false]);
  });

  it('does not allow credentials if any origin is allowed', () => {
    for (const text of ['CORS_ORIGINS = "*"', 'CORS_ORIGINS = ["*"]\nCORS_SUPPORTS_CREDENTIALS = True']) {
      expect(read(text)).toMatchObject([{ origins: 'any', supportsCredentials: false }]);
    }
  });

  it('reads lists from the environment', () => {
    expect(read('', { CORS_ORIGINS: 'https://a.com, https://b.com' })[0]!.origins).toEqual([
      'https://a.com',
      'https://b.com',
    ]);
    expect(read('', { CORS_ORIGINS: '["https://a.com"]' })[0]!.origins).toEqual(['https://a.com']);
    expect(read('', { CORS_ORIGINS: 'https://a.com', CORS_SUPPORTS_CREDENTIALS: 'False' })).toMatchObject([
      { origins: ['https://a.com'], supportsCredentials: false },
    ]);
  });

  it('accepts one pattern, a list and a dictionary with options, and puts the most specific pattern first', () => {
    expect(read('CORS_RESOURCES = r"/api/*"')).toHaveLength(1);
    expect(read('CORS_RESOURCES = [r"/api/v3_0", "/ui"]').map(({ path }) => path.test('/ui/x'))).toEqual([
      false,
      true,
    ]);
    const [dev, api] = read(
      `CORS_ORIGINS = ["https://a.com"]
CORS_RESOURCES = {
    r"/api/*": {},
    r"/api/dev/*": {"origins": "*", "methods": ["GET"], "max_age": 600, "expose_headers": "X-A"},
}`,
    );
    expect(dev).toMatchObject({ origins: 'any', methods: ['GET'], maxAgeS: 600, exposedHeaders: ['X-A'] });
    expect(dev!.path.test('/api/v3_0')).toBe(false);
    expect(api).toMatchObject({ origins: ['https://a.com'], supportsCredentials: true, methods: undefined });
  });

  it.each([
    ['CORS_ORIGINS = [1]', 'CORS_ORIGINS: a list of texts'],
    ['CORS_ORIGINS = "https://(a"', 'CORS_ORIGINS: ^(?:https://(a)$ is not a valid pattern'],
    ['CORS_RESOURCES = 3', 'CORS_RESOURCES: a pattern'],
    ['CORS_RESOURCES = {"/api": {"max_age": "long"}}', 'CORS_RESOURCES: max_age'],
    ['CORS_SUPPORTS_CREDENTIALS = "maybe"', 'CORS_SUPPORTS_CREDENTIALS: True or False'],
  ])('rejects %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
