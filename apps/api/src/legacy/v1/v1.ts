import type { VersionRules } from '../exchange/version-rules';
import { V1_1 } from '../v1_1/v1_1';

/** Version 1.0: as 1.1, but with meter data only. */
export const V1: VersionRules = { ...V1_1, name: 'v1', number: '1.0' };
