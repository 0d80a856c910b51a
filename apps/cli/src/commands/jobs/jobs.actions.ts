import { DomainError } from '#lib/errors';
import { DeliveriesRepository } from '#lib/events';
import { JobsService } from '#lib/queues';
import { runApp } from '../../app/run-app';
import { withJobs, withServices } from '../../app/services';
import { formatTable } from '../../terminal/table';

/** The jobs to remove from a queue; default: all queued jobs. */
export interface ClearOptions {
  queue: string;
  scheduled?: boolean;
  failed?: boolean;
}

export function runWorker({ queue, name }: { queue: string; name?: string }): Promise<void> {
  return runApp('scheduler', ['--queue', queue, ...(name === undefined ? [] : ['--name', name])]);
}

export function showQueues(): Promise<void> {
  return withJobs(async (services) => {
    const rows = (await services(JobsService).countByState()).map(({ queue, counts }) => [
      ...[queue, counts.queued, counts.started],
      ...[counts.finished, counts.failed],
    ]);
    console.log(formatTable(['Queue', 'Queued', 'Started', 'Finished', 'Failed'], rows));
  });
}

export function clearQueue({ queue, scheduled, failed }: ClearOptions): Promise<void> {
  return withJobs(async (services) => {
    const jobs = services(JobsService);
    if (failed)
      console.log(
        `Deleted ${formatJobCount(await jobs.clearFailed(queue), 'failed job')} of queue ${queue}.`,
      );
    else {
      const count = await (scheduled ? jobs.clearPostponed(queue) : jobs.clear(queue));
      console.log(`Removed ${formatJobCount(count)} from queue ${queue}.`);
    }
  });
}

export function showEvents(): Promise<void> {
  return withServices(async (services) => {
    const rows = (await services(DeliveriesRepository).listProgress()).map((figures) => [
      figures.subscription,
      figures.behindS === null ? 'no' : `${Math.round(figures.behindS)} s`,
      ...[figures.waiting, figures.running, figures.failing, figures.failure ?? ''],
    ]);
    console.log(
      formatTable(['Subscription', 'Behind', 'Waiting', 'Running', 'Failing', 'Latest failure'], rows),
    );
  });
}

export function dropSubscription({ name }: { name: string }): Promise<void> {
  return withServices(async (services) => {
    if (!(await services(DeliveriesRepository).remove(name)))
      throw new DomainError(
        'SUBSCRIPTION_NOT_FOUND',
        `--name: there is no subscription named ${name}.`,
        '--name',
      );
    console.log(`Deleted subscription ${name}.`);
  });
}

const formatJobCount = (count: number, one = 'job'): string => `${count} ${one}${count === 1 ? '' : 's'}`;
