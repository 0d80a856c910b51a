import { controlController } from '../endpoints/control.controller';
import {
  CONTROL_SERVICES,
  DATA_SERVICES,
  METER_DATA_SERVICES,
  REST_SERVICES,
} from '../endpoints/listed-services';
import { meterDataController } from '../endpoints/meter-data.controller';
import { prognosisController } from '../endpoints/prognosis.controller';
import { servicesController } from '../endpoints/services.controller';
import { surroundingsController } from '../endpoints/surroundings.controller';
import { LegacyAssetsController } from './assets.controller';
import { LegacyUsersController } from './users.controller';
import { V2_0 } from './v2_0';

/** The endpoints of version 2.0. */
export const V2_0_CONTROLLERS = [
  meterDataController(V2_0),
  prognosisController(V2_0),
  surroundingsController(V2_0),
  controlController(V2_0),
  LegacyAssetsController,
  LegacyUsersController,
  servicesController(V2_0, [...METER_DATA_SERVICES, ...DATA_SERVICES, ...CONTROL_SERVICES, ...REST_SERVICES]),
];
