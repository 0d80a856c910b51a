import { isAllowed, type Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { sensorRules, type Sensor } from '#lib/sensors';

/** Whether a user may ask for forecasts of a sensor; instantaneous ones have no events to forecast. */
export const canForecast = (
  { eventResolutionMs }: Pick<Sensor, 'eventResolutionMs'>,
  asset: Pick<Asset, 'id' | 'accountId'>,
  user: Requester,
): boolean => eventResolutionMs > 0 && isAllowed(user, 'create-children', sensorRules({ asset }));
