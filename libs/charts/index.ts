export type { ChartDataOptions, ChartWindow, JsonText, ReadLimiter } from './chart-data.service';
export type { SeriesOptions } from './chart-series.service';
export { ChartsModule } from './charts.module';
export { ChartsService, type ChartRequest, type ShownAnnotation } from './charts.service';
export {
  checkShown,
  shownAssetsIn,
  shownReferences,
  shownReferencesIn,
  type CanRead,
  type TimeRange,
} from './shown-sensors.service';
export { Kpis, type Kpi } from './kpis.service';
export { pruneShown, replaceShown } from './model';
