import { controlController } from '../endpoints/control.controller';
import { CONTROL_SERVICES, DATA_SERVICES, METER_DATA_SERVICES } from '../endpoints/listed-services';
import { meterDataController } from '../endpoints/meter-data.controller';
import { prognosisController } from '../endpoints/prognosis.controller';
import { servicesController } from '../endpoints/services.controller';
import { surroundingsController } from '../endpoints/surroundings.controller';
import { V1_2 } from './v1_2';

/** The endpoints of version 1.2. */
export const V1_2_CONTROLLERS = [
  meterDataController(V1_2),
  prognosisController(V1_2),
  surroundingsController(V1_2),
  controlController(V1_2),
  servicesController(V1_2, [...METER_DATA_SERVICES, ...DATA_SERVICES, ...CONTROL_SERVICES]),
];
