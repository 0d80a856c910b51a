import type { Server } from 'node:http';
import { constants } from 'node:zlib';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import type { NextFunction, Request, Response } from 'express';
import { needsHttps, type Settings } from '#lib/config';
import type { Host } from '#lib/plugins';
import { ActorContext } from '#lib/events';
import type { Logs } from '#lib/logging';
import { ApiModule } from './api.module';
import { actorOfRequest } from './http/auth/authentication/actor-of-request';
import { DeprecationWarnings } from './http/headers/deprecation-warnings';
import { nameVersions } from './http/headers/api-versions';
import { Metrics } from './http/metrics/metrics';
import { allowCrossOrigin } from './http/server/cross-origin';
import { httpsOnly } from './http/server/https-only';
import { closeAfterEarlyAnswers } from './http/server/sockets/early-answers';
import { reportDeprecatedUse } from './http/server/deprecated-use';
import { answerMalformedHttp } from './http/server/sockets/malformed-http';
import { limitPipelining } from './http/server/sockets/pipelining';
import { assignRequestId } from './http/server/request-id';
import { requestLog } from './http/server/request-log';
import { securityHeaders } from './http/server/security-headers';
import { originsOf } from './pages/frame/custom-files';
import { TILE_ORIGIN } from './pages/frame/tiles';

/** Smaller responses are not compressed, because that would cost more than it saves. */
const COMPRESSION_FROM_BYTES = 4096;
/** The fastest levels of gzip and Brotli: for long series they save nearly as much as slower ones, in a tenth of the time. */
const FASTEST = { level: 1, brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } } };

const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** Longer than load balancers keep idle connections, so that the load balancer closes them. */
const KEEP_ALIVE_MS = 75_000;

/** Creates the server with logging, security headers, CORS, compression and limits. It does not listen yet. */
export async function createServer(host: Host, logs: Logs): Promise<NestExpressApplication> {
  const { settings } = host;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.forRoot(host), {
    logger: logs.nest,
    abortOnError: false,
    bodyParser: false,
  });
  app.set('trust proxy', settings.trustProxy);
  app.disable('x-powered-by');
  app.use(app.get(Metrics).measureRequests);
  app.use(assignRequestId);
  app.use(nameVersions);
  logRequests(app, logs, settings);
  const { menuLogo, extraCss, mapboxToken } = settings.pages;
  const images = [...originsOf(menuLogo), ...(mapboxToken === undefined ? [] : [TILE_ORIGIN])];
  app.use(securityHeaders({ images, styles: originsOf(extraCss) }));
  if (needsHttps(settings.environment)) app.use(httpsOnly);
  allowCrossOrigin(app, settings.cors);
  app.use(compression({ threshold: COMPRESSION_FROM_BYTES, ...FASTEST }));
  app.use(redirectToApiRoot);
  app.use(reportDeprecatedUse(app.get(DeprecationWarnings)));
  app.use(cookieParser());
  app.use(actorOfRequest(app.get(ActorContext)));
  setTimeouts(app.getHttpServer());
  closeAfterEarlyAnswers(app.getHttpServer());
  limitPipelining(app.getHttpServer());
  return app;
}

/** Adds the request log, only if its level is enabled. */
function logRequests(app: NestExpressApplication, { pino }: Logs, { profileRequests }: Settings): void {
  if (!profileRequests && !pino.isLevelEnabled('info')) return;
  app.use(requestLog(profileRequests ? pino.child({}, { level: 'info' }) : pino));
}

/** The path of FlexMeasures' API root ends with a slash. */
function redirectToApiRoot({ originalUrl }: Request, response: Response, next: NextFunction): void {
  if (originalUrl === '/api' || originalUrl.startsWith('/api?')) {
    response.redirect(308, originalUrl.replace('/api', '/api/'));
  } else next();
}

function setTimeouts(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', answerMalformedHttp);
}
