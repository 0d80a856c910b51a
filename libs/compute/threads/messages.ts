/** A calculation for a thread to run. */
export interface Task {
  module: string;
  name: string;
  input: unknown;
}

/** The answer of a thread to a task. */
export type TaskResult =
  /** `memoryBytes`: size of the solver's memory, which never shrinks. */
  { output: unknown; memoryBytes: number } | { failure: TaskFailure };

/** An error as plain data, to send between threads. */
export interface TaskFailure {
  message: string;
  stack: string | undefined;
  /** Only of a DomainError. */
  code: string | undefined;
  /** Only of a DomainError. */
  field: string | undefined;
}
