import { isAllowed, type Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { sensorRules, type Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';

/** Whether a user may ask for schedules of a sensor. */
export const canSchedule = (
  { unit }: Pick<Sensor, 'unit'>,
  asset: Pick<Asset, 'id' | 'accountId'>,
  user: Requester,
): boolean => isPowerUnit(unit) && isAllowed(user, 'create-children', sensorRules({ asset }));

/** Whether a user may ask for schedules of the devices of an asset. Those of other accounts are checked when asked. */
export const canScheduleSite = (asset: Pick<Asset, 'id' | 'accountId'>, user: Requester): boolean =>
  isAllowed(user, 'create-children', sensorRules({ asset }));
