export { TimedBelief } from './timed-belief.entity';
export { AccountRemovalService } from './account-removal.service';
export { AssetRemovalService } from './asset-removal.service';
export { BeliefImportService, type ImportOptions, type ImportResult } from './belief-import.service';
export type { BeliefSearch, MostRecent } from './belief-filter';
export type { BeliefKind, BeliefSelection, CountByKind, EventWindow } from './belief-maintenance.repository';
export { BeliefMaintenanceService } from './belief-maintenance.service';
export { BeliefPartitionsModule } from './belief-partitions.module';
export { BeliefPartitions, type PartitionWindow } from './belief-partitions.service';
export {
  BeliefResamplingService,
  type ResamplingResult,
  type ResamplingWindow,
} from './belief-resampling.service';
export {
  BELIEFS_DELETED,
  BELIEFS_SAVED,
  joinedExtent,
  type BeliefsSaved,
  type SavedExtent,
} from './beliefs.events';
export { BeliefsModule } from './beliefs.module';
export type { SaveResult } from './belief-saving';
export type { EventRange, EventSeries } from './beliefs.repository';
export { BeliefsService, knowledgeHorizonOf, type Steps } from './beliefs.service';
export { SensorDataService, type DataRequest, type PostedData } from './sensor-data.service';
export type { SourceFigures } from './source-figures.sql';
