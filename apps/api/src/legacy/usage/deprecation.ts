import type { Deprecation } from '../../http/headers/deprecation';

/** The versions of the API before version 3, as in paths. */
export const OLD_VERSIONS = ['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0'] as const;

export type OldVersion = (typeof OLD_VERSIONS)[number];

/** A name of version 1.0 in paths that no client of FlexMeasures knows. */
export const NEVER_SERVED = 'v1_0';

/** When these versions were deprecated and were to be removed. */
export const DEPRECATION: Deprecation = {
  deprecated: 'Wed, 14 Dec 2022 00:00:00 GMT',
  sunset: 'Wed, 01 Feb 2023 00:00:00 GMT',
  link: 'https://flexmeasures.readthedocs.io/en/latest/api/introduction.html#deprecation-and-sunset',
  successor: '/api/v3_0',
};

const VERSION = /^\/api\/(?<version>v1(?:_[0-3])?|v2_0)(?:[/?]|$)/i;

/** The version of a path below `/api`; undefined for other paths. */
export const versionInPath = (path: string): string | undefined =>
  VERSION.exec(path)?.groups?.['version']?.toLowerCase();
