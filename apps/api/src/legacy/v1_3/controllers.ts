import { controlController } from '../endpoints/control.controller';
import { CONTROL_SERVICES, DATA_SERVICES, METER_DATA_SERVICES } from '../endpoints/listed-services';
import { meterDataController } from '../endpoints/meter-data.controller';
import { prognosisController } from '../endpoints/prognosis.controller';
import { servicesController } from '../endpoints/services.controller';
import { surroundingsController } from '../endpoints/surroundings.controller';
import { V1_3 } from './v1_3';

/** The endpoints of version 1.3. */
export const V1_3_CONTROLLERS = [
  meterDataController(V1_3),
  prognosisController(V1_3),
  surroundingsController(V1_3),
  controlController(V1_3),
  servicesController(V1_3, [...METER_DATA_SERVICES, ...DATA_SERVICES, ...CONTROL_SERVICES]),
];
