import { METER_DATA_SERVICES } from '../endpoints/listed-services';
import { meterDataByPostController, meterDataController } from '../endpoints/meter-data.controller';
import { servicesController } from '../endpoints/services.controller';
import { V1 } from './v1';

/** The endpoints of version 1.0. */
export const V1_CONTROLLERS = [
  meterDataController(V1),
  meterDataByPostController(V1),
  servicesController(V1, METER_DATA_SERVICES),
];
