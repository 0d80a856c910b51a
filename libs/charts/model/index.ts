export { beliefsJson, type ShownBeliefs } from './data/beliefs-json';
export { assetChart, type Panel } from './asset-chart';
export {
  annotationsDataset,
  assetDataset,
  sensorDataset,
  type ChartOptions,
  type ShownSensor,
} from './chart-options';
export { bucketLength, splitBeliefs, splitBuckets, type BucketValues, type Series } from './data/series';
export { seriesJson, type SeriesSensor } from './data/series-json';
export { pagePanel, type PagePanel, type PagePanelSensor } from './page-panels';
export { sensorChart } from './sensor-chart';
export { explainKpi, readKpis, summarise, type KpiFunction, type ShownKpi } from './kpis';
export { pruneShown, replaceShown } from './prune-shown';
export {
  explainShown,
  findSensorsToShow,
  readPanels,
  readSensorsToShow,
  readShownAssets,
  SENSORS_TO_SHOW,
  type PanelOfIds,
  type TitledPanel,
} from './sensors-to-show';
export { describeSource, type ShownSource, type StoredSource } from './data/source-label';
export { THEMES, type ThemeName } from './themes';
export { wrapLines } from './wrap-lines';
