export { TimedBelief } from './store/timed-belief.entity';
export {
  BeliefImportService,
  type ImportOptions,
  type ImportResult,
  type PreviewedFile,
  type OpenedFile,
  type ReadOptions,
} from './import/belief-import.service';
export type { BeliefKind, BeliefSearch, MostRecent } from './store/sql/belief-filter';
export type { BeliefSelection, CountByKind, EventWindow } from './maintenance/belief-maintenance.repository';
export { BeliefMaintenanceService, type DeletedData } from './maintenance/belief-maintenance.service';
export { BeliefPartitionsModule } from './belief-partitions.module';
export { BeliefPartitions, type PartitionWindow } from './maintenance/belief-partitions.service';
export {
  BeliefResamplingService,
  type ResamplingResult,
  type ResamplingWindow,
} from './maintenance/belief-resampling.service';
export { SensorChangesService } from './maintenance/sensor-changes.service';
export {
  BELIEFS_DELETED,
  BELIEFS_SAVED,
  joinedExtent,
  type BeliefsDeleted,
  type BeliefsSaved,
  type SavedExtent,
} from './store/beliefs.events';
export { BeliefsModule } from './beliefs.module';
export type { BucketColumns, Buckets } from './store/sql/buckets.sql';
export type { SaveResult } from './store/belief-saving';
export type { EventRange, EventSeries, LastEvent } from './store/beliefs.repository';
export { BeliefsService, knowledgeHorizonOf, type Steps } from './store/beliefs.service';
export { SensorStatusService, type SensorStatus } from './status/sensor-status.service';
export { SensorDataService, type DataRequest, type PostedData } from './store/sensor-data.service';
export type { SourceFigures } from './store/sql/source-figures.sql';
export { BeliefRetention } from './maintenance/retention.service';
export type { OldBeliefs, RetentionRule } from './maintenance/retention.repository';
