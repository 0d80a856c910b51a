import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isLoopback, SETTINGS, type Settings } from '#lib/config';
import { rejected } from '../../http/errors/api-error';
import { isSameSecret } from '../same-secret';

/** Decides who may read the metrics. */
@Injectable()
export class MetricsAccess {
  constructor(
    @Inject(SETTINGS) private readonly settings: { operations: Pick<Settings['operations'], 'metricsToken'> },
  ) {}

  /**
   * With FLEXMEASURES_METRICS_TOKEN, its bearers; otherwise, programs of this machine.
   * @throws ApiError 401 or 403
   */
  check(request: Pick<Request, 'ip' | 'headers' | 'app'>, authorization: string | undefined): void {
    const { metricsToken } = this.settings.operations;
    if (metricsToken === undefined) {
      if (isLocal(request)) return;
      const message =
        'Metrics are for programs of this machine only. To read them from elsewhere, set FLEXMEASURES_METRICS_TOKEN.';
      throw rejected(403, 'INVALID_SENDER', message);
    }
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (!isSameSecret(token, metricsToken))
      throw rejected(
        401,
        'UNAUTHORIZED',
        'Send the token of FLEXMEASURES_METRICS_TOKEN: "Authorization: Bearer <token>".',
      );
  }
}

/** Headers with which proxies pass requests on. */
const OF_PROXIES = /^(?:forwarded|via|x-forwarded-.+|x-real-ip)$/;

/** A request that a proxy of this machine has passed on is local only if the server trusts what the proxy says. */
function isLocal({ ip = '', headers, app }: Pick<Request, 'ip' | 'headers' | 'app'>): boolean {
  const isPassedOn = Object.keys(headers).some((name) => OF_PROXIES.test(name));
  if (isPassedOn && app.get('trust proxy') === false) return false;
  return isLoopback(ip.replace(/^::ffff:/, ''));
}
