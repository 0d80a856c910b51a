export { Annotation } from './annotation.entity';
export { Sensor } from './sensor.entity';
export { SensorsModule } from './sensors.module';
export type { NewSensor } from './sensors.repository';
export { SensorsService } from './sensors.service';
export { Source } from './source.entity';
export type { SourceKey } from './sources.repository';
export { SourcesService } from './sources.service';
