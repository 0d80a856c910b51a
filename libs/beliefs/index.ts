export { TimedBelief } from './timed-belief.entity';
export { BeliefImportService, type ImportOptions, type ImportResult } from './belief-import.service';
export type { BeliefFilter } from './belief-filter';
export { BeliefsModule } from './beliefs.module';
export type { EventSeries, SaveResult } from './beliefs.repository';
export { BeliefsService, knowledgeHorizonOf, type BeliefSearch, type Steps } from './beliefs.service';
