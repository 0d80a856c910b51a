export { BeliefImportService, type ImportOptions, type ImportResult } from './belief-import.service';
export type { BeliefFilter } from './belief-filter';
export { BeliefsModule } from './beliefs.module';
export type { EventSeries, SaveResult } from './beliefs.repository';
export { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from './beliefs.service';
