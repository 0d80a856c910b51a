import { ConfigError } from './config-error';
import type { SettingSource } from './setting-source';
import type { SettingValue } from './settings-file';

/** Which web pages of other origins may call which paths. */
export interface CorsSettings {
  /** The most specific first; the first whose pattern matches a path holds for it. */
  resources: CorsResource[];
}

export interface CorsResource {
  /** Matches the beginning of a path. */
  path: RegExp;
  /** 'any', or origins as they are and patterns that match whole origins. */
  origins: 'any' | (string | RegExp)[];
  /** Whether pages may send cookies; never when any origin may call. */
  supportsCredentials: boolean;
  /** Undefined: the server's own defaults. */
  methods: string[] | undefined;
  allowedHeaders: string[] | undefined;
  exposedHeaders: string[] | undefined;
  maxAgeS: number | undefined;
}

type Options = Record<string, SettingValue>;

/**
 * Reads CORS_ORIGINS, CORS_RESOURCES and CORS_SUPPORTS_CREDENTIALS. Resources are one pattern, several, or a dictionary
 * of patterns with options of their own.
 * @throws ConfigError when a pattern or an option cannot be used.
 */
export function corsSettings(source: SettingSource): CorsSettings {
  const shared: Options = {
    origins: source.literal('CORS_ORIGINS') ?? [],
    supports_credentials: source.flag('CORS_SUPPORTS_CREDENTIALS') ?? true,
  };
  const resources = Object.entries(optionsByPattern(source.literal('CORS_RESOURCES') ?? ['/api/*']))
    .sort(([one], [other]) => other.length - one.length)
    .map(([pattern, options]) => resource(pattern, { ...shared, ...options }));
  return { resources };
}

function optionsByPattern(value: SettingValue): Record<string, Options> {
  if (typeof value === 'string') return { [value]: {} };
  if (Array.isArray(value))
    return Object.assign({}, ...value.map(optionsByPattern)) as Record<string, Options>;
  if (isDictionary(value) && Object.values(value).every((options) => isDictionary(options))) {
    return value as Record<string, Options>;
  }
  throw new ConfigError('CORS_RESOURCES', 'a pattern, a list of them or a dictionary is expected');
}

function resource(pattern: string, options: Options): CorsResource {
  const origins = originsOf(options['origins'] ?? []);
  return {
    path: expression('CORS_RESOURCES', `^(?:${pattern})`),
    origins,
    supportsCredentials: origins !== 'any' && options['supports_credentials'] === true,
    methods: textsOf(options, 'methods'),
    allowedHeaders: textsOf(options, 'allow_headers'),
    exposedHeaders: textsOf(options, 'expose_headers'),
    maxAgeS: maxAge(options['max_age'] ?? undefined),
  };
}

/** Characters that make an origin a pattern; a star alone means any. */
const PATTERN = /[*\\\][?$^()]/;

function originsOf(value: SettingValue): CorsResource['origins'] {
  const origins = Array.isArray(value) ? value : [value];
  if (origins.includes('*')) return 'any';
  return origins.map((origin) => {
    if (typeof origin !== 'string') throw new ConfigError('CORS_ORIGINS', 'a list of texts is expected');
    return PATTERN.test(origin) ? expression('CORS_ORIGINS', `^(?:${origin})$`, 'i') : origin;
  });
}

function textsOf(options: Options, key: string): string[] | undefined {
  const value = options[key] ?? undefined;
  if (value === undefined || value === '*') return undefined;
  const items = Array.isArray(value) ? value : [value];
  if (items.every((item) => typeof item === 'string')) return items;
  throw new ConfigError('CORS_RESOURCES', `${key}: a list of texts is expected`);
}

/** How long browsers may keep the answer of a preflight, seconds. */
function maxAge(value: SettingValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds;
  throw new ConfigError('CORS_RESOURCES', 'max_age: a number of seconds is expected');
}

function expression(setting: string, pattern: string, flags?: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    throw new ConfigError(setting, `${pattern} is not a pattern that can be used`);
  }
}

const isDictionary = (value: SettingValue): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
