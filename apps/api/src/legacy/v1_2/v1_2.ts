import type { VersionRules } from '../exchange/version-rules';
import { V1_3 } from '../v1_3/v1_3';

/** Version 1.2: as 1.3, but UDI events are about batteries without targets, and device messages never have to be asked twice. */
export const V1_2: VersionRules = {
  ...V1_3,
  name: 'v1_2',
  number: '1.2',
  udi: {
    eventTypes: ['soc'],
    assetTypes: ['battery'],
    acceptsPrior: false,
    allowsEqualTimes: false,
    waitsForSchedule: true,
    flexModel: { 'prefer-charging-sooner': false },
  },
};
