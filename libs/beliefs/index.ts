export { TimedBelief } from './timed-belief.entity';
export { BeliefImportService, type ImportOptions, type ImportResult } from './belief-import.service';
export type { BeliefSearch, MostRecent } from './belief-filter';
export { BeliefsModule } from './beliefs.module';
export type { SaveResult } from './belief-saving';
export type { EventSeries } from './beliefs.repository';
export { BeliefsService, knowledgeHorizonOf, type Steps } from './beliefs.service';
