import type { VersionRules } from '../exchange/version-rules';

/** Version 2.0: horizons count from each event, values can have a prior, and assets and users can be managed. */
export const V2_0: VersionRules = {
  name: 'v2_0',
  number: '2.0',
  horizonFrom: 'each-event',
  acceptsPrior: true,
  udi: {
    eventTypes: ['soc', 'soc-with-targets'],
    assetTypes: ['battery', 'one-way_evse', 'two-way_evse'],
    acceptsPrior: true,
    allowsEqualTimes: true,
    waitsForSchedule: false,
    flexModel: {},
  },
};
