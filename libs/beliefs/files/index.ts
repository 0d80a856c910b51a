export { beliefFileWarnings } from './belief-file';
export type {
  BeliefFile,
  BeliefFileBatch,
  BeliefFileOptions,
  BeliefFileSummary,
  ColumnReference,
  SpreadsheetLimits,
  ValueKind,
} from './belief-file';
export { BeliefFiles } from './belief-files';
export { BeliefFileError } from './belief-file-error';
export type { FilePlace } from './belief-file-error';
export { shown } from './quoted';
export { readBeliefFile } from './read-belief-file';
export { isNamedSpreadsheet } from './spreadsheets/signature';
