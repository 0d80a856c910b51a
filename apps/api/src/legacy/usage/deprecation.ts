import { OLD_API_VERSIONS } from '#lib/config/model';
import type { Deprecation } from '../../http/headers/deprecation';

/** A name of version 1.0 in paths that no client of FlexMeasures knows. */
export const NEVER_SERVED = 'v1_0';

/** When these versions were deprecated and were to be removed. */
export const DEPRECATION: Deprecation = {
  deprecated: 'Wed, 14 Dec 2022 00:00:00 GMT',
  sunset: 'Wed, 01 Feb 2023 00:00:00 GMT',
  link: 'https://flexmeasures.readthedocs.io/en/latest/api/introduction.html#deprecation-and-sunset',
  successor: '/api/v3_0',
};

const IN_PATH = /^\/api\/(?<version>v\d(?:_\d)?)(?:\/|$)/i;
const VERSIONS = [...OLD_API_VERSIONS, NEVER_SERVED];

/** The old version in a path below `/api`; undefined for other paths. */
export function versionInPath(path: string): string | undefined {
  const version = IN_PATH.exec(path)?.groups?.['version']?.toLowerCase();
  return version !== undefined && VERSIONS.includes(version) ? version : undefined;
}
