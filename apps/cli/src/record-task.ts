import type { Command } from 'commander';

/** Records a run of the task that `--record-task` names, if it does. A run that cannot be recorded is only reported. */
export async function recordTask(program: Command, status: boolean): Promise<void> {
  const { recordTask: name } = program.opts<{ recordTask?: string }>();
  if (name === undefined) return;
  const [{ TaskRunsRepository }, { withServices }] = await Promise.all([
    import('#lib/database'),
    import('./app/services.js'),
  ]);
  try {
    await withServices((services) =>
      services(TaskRunsRepository).record({ name, datetime: new Date(), status }),
    );
  } catch (error) {
    console.error(`Warning: the run of task ${name} was not recorded: ${String(error)}`);
  }
}
