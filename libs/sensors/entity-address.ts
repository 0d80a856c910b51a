import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';

/** Names of sensors that are unique in the world: USEF's type 1 entity addresses, in our scheme fm1. */
@Injectable()
export class EntityAddresses {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Address of a sensor on the host that it is asked from, with or without a port. */
  of(sensorId: number, host: string): string {
    return entityAddress(sensorId, host, this.settings.hostsAndAuthStart, new Date(this.clock.now()));
  }
}

/**
 * USEF's type 1 entity address in our scheme fm1, which holds the sensor's id.
 *
 * @param authStarts first months ("2021-01") in which owners had their domains for a whole month; that of a domain
 *   counts for what is below it. Domains without one get the month after `now`.
 */
export function entityAddress(
  sensorId: number,
  host: string,
  authStarts: Readonly<Record<string, string>>,
  now: Date,
): string {
  const labels = domainOf(host).split('.');
  const domains = labels.map((_, index) => labels.slice(index).join('.'));
  const known = domains.find((domain) => Object.hasOwn(authStarts, domain));
  const month = known === undefined ? monthAfter(now) : authStarts[known];
  return `ea1.${month}.${labels.reverse().join('.')}:fm1.${sensorId}`;
}

/** A host's name without port; what has no name of its own is the local host. */
function domainOf(host: string): string {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  const isName = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/.test(name) && isIP(name) === 0;
  return isName ? name : 'localhost';
}

const monthAfter = (now: Date): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 7);
