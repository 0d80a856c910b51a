/** What a thread is asked to do. */
export interface Assignment {
  module: string;
  name: string;
  input: unknown;
}

/** What a thread answers. */
export type Answer =
  /** `memoryBytes`: what the solver's memory has grown to; it never shrinks. */
  { output: unknown; memoryBytes: number } | { failure: Failure };

/** An error, as it travels between threads. */
export interface Failure {
  message: string;
  stack: string | undefined;
  /** Of a DomainError. */
  code: string | undefined;
  field: string | undefined;
}
