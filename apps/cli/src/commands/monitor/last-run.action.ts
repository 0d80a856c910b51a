import { TaskRunsRepository } from '#lib/database';
import { findTaskProblem, type ExpectedTask } from '#lib/monitoring';
import { withAlerts } from './with-alerts';

export interface LastRunOptions {
  tasks: ExpectedTask[];
  customMessage?: string;
}

export function monitorLastRun({ tasks, customMessage }: LastRunOptions): Promise<void> {
  return withAlerts('latest-run', customMessage, async (services) => {
    const runs = services(TaskRunsRepository);
    const problems = [];
    for (const task of tasks) {
      const problem = findTaskProblem(task, await runs.find(task.name), Date.now());
      if (problem) problems.push(problem);
      else console.log(`Task ${task.name} ran in time and succeeded.`);
    }
    return problems;
  });
}
