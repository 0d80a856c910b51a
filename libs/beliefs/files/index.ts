export { beliefFileWarnings } from './format/belief-file';
export type {
  BeliefFile,
  BeliefFileBatch,
  BeliefFileOptions,
  BeliefFileSummary,
  ColumnReference,
  ValueKind,
} from './format/belief-file';
export { BeliefFileError } from './format/belief-file-error';
export type { FilePlace } from './format/belief-file-error';
export { shown } from './format/quoted';
export { readBeliefFile } from './read-belief-file';
