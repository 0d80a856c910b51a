export { Annotation } from './annotation.entity';
export type { AnnotationFilter, AnnotationType, NewAnnotation } from './annotations.repository';
export type { AnnotationTargets } from './annotations.repository';
export { AnnotationsService } from './annotations.service';
export { entityAddress, EntityAddresses } from './entity-address';
export { Sensor } from './sensor.entity';
export {
  ANNOTATION_CREATED,
  ANNOTATION_DELETED,
  SENSOR_CREATED,
  SENSOR_DELETED,
  SENSOR_UPDATED,
} from './sensors.events';
export { SensorsModule } from './sensors.module';
export type { NewSensor, SensorListing, SensorPatchFields } from './sensors.repository';
export { SensorsService } from './sensors.service';
export { Source } from './source.entity';
export type { SourceKey } from './sources.repository';
export { SourcesService } from './sources.service';
export { sensorRules } from './access-rules';
