import type { VersionRules } from '../exchange/version-rules';
import { V1_2 } from '../v1_2/v1_2';

/** Version 1.1: as 1.2, without UDI events. */
export const V1_1: VersionRules = { ...V1_2, name: 'v1_1', number: '1.1' };
