import type { VersionRules } from '../exchange/version-rules';
import { V2_0 } from '../v2_0/v2_0';

/** Version 1.3: as 2.0, but horizons count from the last event, and posted values have no prior. */
export const V1_3: VersionRules = {
  ...V2_0,
  name: 'v1_3',
  number: '1.3',
  horizonFrom: 'last-event',
  acceptsPrior: false,
};
