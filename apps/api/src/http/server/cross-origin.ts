import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import type { CorsResource, CorsSettings } from '#lib/config';

type Delegate = Exclude<Parameters<NestExpressApplication['enableCors']>[0], undefined>;
type Options = Exclude<Delegate, (...args: never[]) => unknown>;

/** Response headers that pages of other origins may read, unless the settings name others. */
const EXPOSED = [
  'X-Request-ID',
  'X-Total-Count',
  'Link',
  'ETag',
  'Deprecation',
  'Sunset',
  'Retry-After',
  'FlexMeasures-Version',
  'API-Version',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];

const NONE: Options = { origin: false };

/**
 * Longer origins and paths are not matched: the settings may contain regular expressions for which a long input takes
 * very long (ReDoS).
 */
const MAX_ORIGIN_LENGTH = 300;
const MAX_PATH_LENGTH = 1000;

/** Enables CORS for the origins and paths of the settings. */
export function allowCrossOrigin(app: NestExpressApplication, { resources }: CorsSettings): void {
  if (resources.every(({ origins }) => origins.length === 0)) return;
  app.enableCors((request: Request, callback: (error: null, options: Options) => void) =>
    callback(null, optionsFor(request, resources)),
  );
}

function optionsFor(request: Request, resources: CorsResource[]): Options {
  // OPTIONS without this header is not a preflight request; KnownRoutes answers it.
  if (request.method === 'OPTIONS' && !request.headers['access-control-request-method']) return NONE;
  const { origin = '' } = request.headers;
  if (origin.length > MAX_ORIGIN_LENGTH || request.path.length > MAX_PATH_LENGTH) return NONE;
  const resource = resources.find(({ path }) => path.test(request.path));
  if (!resource || resource.origins.length === 0) return NONE;
  return {
    origin: resource.origins === 'any' ? '*' : resource.origins,
    credentials: resource.supportsCredentials,
    exposedHeaders: resource.exposedHeaders ?? EXPOSED,
    ...(resource.methods && { methods: resource.methods }),
    ...(resource.allowedHeaders && { allowedHeaders: resource.allowedHeaders }),
    ...(resource.maxAgeS !== undefined && { maxAge: resource.maxAgeS }),
  };
}
