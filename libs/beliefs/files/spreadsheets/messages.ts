import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import type { FilePlace } from '../format/belief-file-error';

/** Request to a reader process. */
export interface ReadRequest {
  path: string;
  options: Omit<BeliefFileOptions, 'onProgress'>;
}

/** Message of a reader process. The last one is a summary or a failure. */
export type ReadMessage =
  | { batch: BeliefFileBatch }
  /** Share of the rows that have been read. */
  | { share: number }
  | { summary: BeliefFileSummary }
  | { failure: ReadFailure };

/** A serialised error. */
export interface ReadFailure {
  message: string;
  stack?: string;
  /** Only for a BeliefFileError. */
  place?: FilePlace;
  reason?: string;
  /** Only for another DomainError. */
  code?: string;
  field?: string;
}
