import type { BeliefFileBatch, BeliefFileOptions, BeliefFileSummary } from '../format/belief-file';
import type { FilePlace } from '../format/belief-file-error';

/** What a process is asked to read. */
export interface ReadRequest {
  path: string;
  options: Omit<BeliefFileOptions, 'onProgress'>;
}

/** What a process tells; a summary or a failure comes last. */
export type ReadMessage =
  | { batch: BeliefFileBatch }
  /** Share of the rows that have been read. */
  | { share: number }
  | { summary: BeliefFileSummary }
  | { failure: ReadFailure };

/** An error, as it travels between processes. */
export interface ReadFailure {
  message: string;
  stack?: string;
  /** Of a BeliefFileError. */
  place?: FilePlace;
  reason?: string;
  /** Of another DomainError. */
  code?: string;
  field?: string;
}
