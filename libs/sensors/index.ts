export { Annotation } from './annotation.entity';
export { Sensor } from './sensor.entity';
export { Source } from './source.entity';
