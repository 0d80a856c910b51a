import { ConfigError } from '../source/config-error';
import type { SettingSource } from '../source/setting-source';
import type { SettingValue } from '../source/settings-file';

/** Paths that web pages of other origins can call. */
export interface CorsSettings {
  /** Most specific first. The first entry whose pattern matches a path applies. */
  resources: CorsResource[];
}

export interface CorsResource {
  /** Matches the start of a path. */
  path: RegExp;
  /** 'any', or literal origins and patterns for whole origins. */
  origins: 'any' | (string | RegExp)[];
  /** Whether pages can send cookies. Always false if any origin is allowed. */
  supportsCredentials: boolean;
  /** undefined: the defaults of the server; likewise below. */
  methods: string[] | undefined;
  allowedHeaders: string[] | undefined;
  exposedHeaders: string[] | undefined;
  maxAgeS: number | undefined;
}

type Options = Record<string, SettingValue>;

/**
 * Reads CORS_ORIGINS, CORS_RESOURCES and CORS_SUPPORTS_CREDENTIALS. Resources are one pattern, a list of patterns, or a
 * dictionary from patterns to options.
 * @throws ConfigError if a pattern or an option is invalid.
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
  const origins = parseOrigins(options['origins'] ?? []);
  return {
    path: expression('CORS_RESOURCES', `^(?:${pattern})`),
    origins,
    supportsCredentials: origins !== 'any' && options['supports_credentials'] === true,
    methods: parseTexts(options, 'methods'),
    allowedHeaders: parseTexts(options, 'allow_headers'),
    exposedHeaders: parseTexts(options, 'expose_headers'),
    maxAgeS: maxAge(options['max_age'] ?? undefined),
  };
}

/** An origin with one of these characters is a pattern. */
const PATTERN = /[*\\\][?$^()]/;

function parseOrigins(value: SettingValue): CorsResource['origins'] {
  const origins = Array.isArray(value) ? value : [value];
  if (origins.includes('*')) return 'any';
  return origins.map((origin) => {
    if (typeof origin !== 'string') throw new ConfigError('CORS_ORIGINS', 'a list of texts is expected');
    return PATTERN.test(origin) ? expression('CORS_ORIGINS', `^(?:${origin})$`, 'i') : origin;
  });
}

function parseTexts(options: Options, key: string): string[] | undefined {
  const value = options[key] ?? undefined;
  if (value === undefined || value === '*') return undefined;
  const items = Array.isArray(value) ? value : [value];
  if (items.every((item) => typeof item === 'string')) return items;
  throw new ConfigError('CORS_RESOURCES', `${key}: a list of texts is expected`);
}

/** How long browsers can cache the answer to a preflight request, in seconds. */
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
    throw new ConfigError(setting, `${pattern} is not a valid pattern`);
  }
}

const isDictionary = (value: SettingValue): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
