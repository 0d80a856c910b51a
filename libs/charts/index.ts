export type { ChartDataOptions, ChartWindow, JsonText } from './chart-data.service';
export { ChartsModule } from './charts.module';
export { ChartsService, type ChartRequest, type ShownAnnotation } from './charts.service';
export type { MayRead, TimeRange } from './shown-sensors.service';
