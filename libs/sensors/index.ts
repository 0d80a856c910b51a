export { Annotation } from './annotations/annotation.entity';
export {
  type Annotated,
  ANNOTATION_TYPES,
  type AnnotationFilter,
  type AnnotationType,
  type FoundAnnotation,
  type NewAnnotation,
} from './annotations/annotations.repository';
export { AnnotationChanges, type AnnotationChange } from './annotations/annotation-changes.service';
export { AnnotationsService } from './annotations/annotations.service';
export { entityAddress, EntityAddresses } from './entity-address';
export { describeDuration, describePeriod, describeSensor } from './describe-sensor';
export { AssetSensors } from './asset-sensors.service';
export { Sensor } from './sensor.entity';
export {
  accountActor,
  canRead,
  requireSensorPermission,
  SensorAccess,
  type SensorReference,
} from './sensor-access.service';
export {
  ANNOTATION_CREATED,
  ANNOTATION_DELETED,
  ANNOTATION_UPDATED,
  SENSOR_CREATED,
  SENSOR_DELETED,
  SENSOR_UPDATED,
} from './sensors.events';
export { SensorsModule } from './sensors.module';
export type { AnnotationTargets } from './sensors.events';
export type {
  NewSensor,
  SensorListing,
  SensorName,
  SensorPatchFields,
  SensorRecords,
} from './sensors.repository';
export { SensorsService } from './sensors.service';
export { latestSources, type OwnedSource } from './sources/latest-sources';
export { COMPUTED_SOURCE_TYPES, SOURCE_TYPES } from './sources/source-types';
export { Source } from './sources/source.entity';
export type { SourceKey } from './sources/sources.repository';
export { SourcesService } from './sources/sources.service';
export { sensorRules } from './access-rules';
