import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';

/** Globally unique names of sensors: type 1 entity addresses of USEF. */
@Injectable()
export class EntityAddresses {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The entity address of a sensor. @param host host of the request, with or without a port */
  forSensor(sensorId: number, host: string): string {
    return entityAddress(sensorId, host, this.settings.hostsAndAuthStart, new Date(this.clock.now()));
  }

  /**
   * The entity address of a power sensor as the API before version 3 has it: with its owner, if there is one, and its id.
   * @param host host of the request, with or without a port
   */
  forConnection(sensorId: number, ownerId: number | undefined, host: string): string {
    const authority = addressAuthority(host, this.settings.hostsAndAuthStart, new Date(this.clock.now()));
    return [authority, ownerId, sensorId].filter((part) => part !== undefined).join(':');
  }
}

/** The type 1 entity address of USEF for a sensor, with the scheme fm1, which contains the sensor id. */
export const entityAddress = (
  sensorId: number,
  host: string,
  authStarts: Readonly<Record<string, string>>,
  now: Date,
): string => `${addressAuthority(host, authStarts, now)}:fm1.${sensorId}`;

/**
 * The part of an entity address before the colon, which says who gave the address.
 * @param authStarts for each domain, the first full month ("2021-01") in which its owner had the domain. The entry also
 *   applies to subdomains. The address of a domain without an entry contains the month after `now`.
 */
function addressAuthority(host: string, authStarts: Readonly<Record<string, string>>, now: Date): string {
  const labels = getDomain(host).split('.');
  const domains = labels.map((_, index) => labels.slice(index).join('.'));
  const known = domains.find((domain) => Object.hasOwn(authStarts, domain));
  const month = known === undefined ? monthAfter(now) : authStarts[known];
  return `ea1.${month}.${labels.reverse().join('.')}`;
}

/** The host name without the port; `localhost` for IP addresses and invalid names. */
function getDomain(host: string): string {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  const isName = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/.test(name) && isIP(name) === 0;
  return isName ? name : 'localhost';
}

const monthAfter = (now: Date): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 7);
