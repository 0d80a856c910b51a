/** How a run of a task ended. */
export interface TaskRun {
  name: string;
  /** Whether it succeeded. */
  status: boolean;
}

type Recorder = (run: TaskRun) => Promise<void>;

let recorder: Recorder | undefined;

/** Sets what stores runs of tasks, which have just ended. FlexMeasures calls it when it starts; undefined: nothing does. */
export function setTaskRecorder(record: Recorder | undefined): void {
  recorder = record;
}

/**
 * A function whose runs are recorded as runs of a recurring task, so that `flexmeasures monitor latest-run` can tell whether
 * it ran, and whether it succeeded. Results and errors of the function stay as they are.
 *
 * @param name of the task, at most 80 characters
 * @throws Error if the name is empty or too long
 */
export function taskWithStatusReport<Arguments extends unknown[], Result>(
  name: string,
  task: (...args: Arguments) => Result | Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  if (name === '' || name.length > 80) throw new Error('The name of a task must have 1 to 80 characters.');
  return async (...args) => {
    let status = false;
    try {
      const result = await task(...args);
      status = true;
      return result;
    } finally {
      await record({ name, status });
    }
  };
}

/** A run that cannot be recorded is no failure of the task. */
async function record(run: TaskRun): Promise<void> {
  if (!recorder) {
    process.emitWarning(`The run of task ${run.name} is not recorded: FlexMeasures does not run.`);
    return;
  }
  await recorder(run).catch((error: unknown) => {
    process.emitWarning(`The run of task ${run.name} is not recorded: ${String(error)}`);
  });
}
