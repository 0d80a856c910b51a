import { DATA_SERVICES, METER_DATA_SERVICES } from '../endpoints/listed-services';
import { meterDataController } from '../endpoints/meter-data.controller';
import { prognosisController } from '../endpoints/prognosis.controller';
import { servicesController } from '../endpoints/services.controller';
import { surroundingsController } from '../endpoints/surroundings.controller';
import { V1_1 } from './v1_1';

/** The endpoints of version 1.1. */
export const V1_1_CONTROLLERS = [
  meterDataController(V1_1),
  prognosisController(V1_1),
  surroundingsController(V1_1),
  servicesController(V1_1, [...METER_DATA_SERVICES, ...DATA_SERVICES]),
];
