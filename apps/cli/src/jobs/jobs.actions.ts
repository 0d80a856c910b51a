import { JobsService } from '#lib/queues';
import { runApp } from '../run-app';
import { withJobs } from '../services';
import { formatTable } from '../terminal/table';

export function runWorker({ queue, name }: { queue: string; name?: string }): Promise<void> {
  return runApp('scheduler', ['--queue', queue, ...(name === undefined ? [] : ['--name', name])]);
}

export function showQueues(): Promise<void> {
  return withJobs(async (services) => {
    const rows = (await services(JobsService).count()).map(({ queue, counts }) => [
      ...[queue, counts.queued, counts.started],
      ...[counts.finished, counts.failed],
    ]);
    console.log(formatTable(['Queue', 'Queued', 'Started', 'Finished', 'Failed'], rows));
  });
}

export function clearQueue({ queue }: { queue: string }): Promise<void> {
  return withJobs(async (services) => {
    const count = await services(JobsService).clear(queue);
    console.log(`Took ${count} job${count === 1 ? '' : 's'} back from queue ${queue}.`);
  });
}
