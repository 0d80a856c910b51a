export { beliefsJson, type ShownBeliefs } from './beliefs-json';
export { assetChart, type Panel } from './asset-chart';
export {
  annotationsDataset,
  assetDataset,
  sensorDataset,
  type ChartOptions,
  type ShownSensor,
} from './chart-options';
export { bucketLength, splitBeliefs, splitBuckets, type BucketValues, type Series } from './series';
export { seriesJson, type SeriesSensor } from './series-json';
export { sensorChart } from './sensor-chart';
export {
  explainKpi,
  explainShown,
  findSensorsToShow,
  pruneShown,
  readKpis,
  readSensorsToShow,
  SENSORS_TO_SHOW,
  type PanelOfIds,
  type ShownKpi,
} from './sensors-to-show';
export { describeSource, type ShownSource, type StoredSource } from './source-label';
export { THEMES, type ThemeName } from './themes';
export { wrapLines } from './wrap-lines';
