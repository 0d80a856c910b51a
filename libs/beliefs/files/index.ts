export { beliefFileWarnings } from './format/belief-file';
export type {
  BeliefFile,
  BeliefFileBatch,
  BeliefFileOptions,
  BeliefFileSummary,
  ColumnReference,
  KeepRule,
  SpreadsheetLimits,
  ValueKind,
} from './format/belief-file';
export { BeliefFiles } from './belief-files';
export { BeliefFileError } from './format/belief-file-error';
export type { FilePlace } from './format/belief-file-error';
export { readBeliefFile } from './read-belief-file';
export { isNamedSpreadsheet } from './spreadsheets/signature';
