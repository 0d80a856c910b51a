export { beliefFileWarnings } from './belief-file';
export type {
  BeliefFile,
  BeliefFileBatch,
  BeliefFileOptions,
  BeliefFileSummary,
  ColumnReference,
  ValueKind,
} from './belief-file';
export { BeliefFileError } from './belief-file-error';
export type { FilePlace } from './belief-file-error';
export { readBeliefFile } from './read-belief-file';
