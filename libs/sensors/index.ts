export { Annotation } from './annotation.entity';
export type { AnnotationFilter, AnnotationType, NewAnnotation } from './annotations.repository';
export { AnnotationsService, type AnnotationTargets } from './annotations.service';
export { entityAddress, EntityAddresses } from './entity-address';
export { Sensor } from './sensor.entity';
export {
  accountActor,
  readableBy,
  requireSensorPermission,
  SensorAccess,
  type SensorReference,
} from './sensor-access.service';
export { SensorsModule } from './sensors.module';
export type { NewSensor, SensorListing, SensorPatchFields } from './sensors.repository';
export { SensorsService } from './sensors.service';
export { Source } from './source.entity';
export type { SourceKey } from './sources.repository';
export { SourcesService } from './sources.service';
export { sensorRules } from './access-rules';
