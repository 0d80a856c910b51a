import { Command, InvalidArgumentError, Option } from 'commander';
import { QUEUES } from '#lib/queues/model';
import type { ClearOptions } from './jobs.actions';

/** `flexmeasures jobs ...`: the queues, and workers that take jobs from them. */
export function jobsCommands(): Command {
  const jobs = new Command('jobs').description('Queues of jobs, and workers for them.');
  const actions = () => import('./jobs.actions.js');
  jobs
    .command('run-worker')
    .description('Start a worker that takes jobs from a queue on Redis, and does them.')
    .addOption(queueOption('queue to take jobs from; several joined by |', queues).makeOptionMandatory())
    .option('--name <name>', 'name of the worker')
    .action(async (options: { queue: string; name?: string }) => (await actions()).runWorker(options));
  jobs
    .command('show-queues')
    .description('Show how many jobs each queue has.')
    .action(async () => (await actions()).showQueues());
  jobs
    .command('clear-queue')
    .description('Take back all jobs of a queue that no worker has begun.')
    .addOption(queueOption('queue to clear', queue).makeOptionMandatory())
    .option('--scheduled', 'only those that wait for another attempt')
    .addOption(
      new Option('--failed', 'forget the jobs that failed instead; those that wait stay').conflicts(
        'scheduled',
      ),
    )
    .action(async (options: ClearOptions) => (await actions()).clearQueue(options));
  jobs
    .command('show-events')
    .description('Show how far each subscription to events is, and what failed.')
    .action(async () => (await actions()).showEvents());
  jobs
    .command('drop-subscription')
    .description('Forget a subscription to events whose code is gone, with the work that waits for it.')
    .requiredOption('--name <name>', 'name of the subscription')
    .action(async (options: { name: string }) => (await actions()).dropSubscription(options));
  return jobs;
}

const queueOption = (description: string, parse: (text: string) => string): Option =>
  new Option('--queue <queue>', `${description}: ${QUEUES.join(', ')}`).argParser(parse);

function queue(text: string): string {
  if (QUEUES.includes(text)) return text;
  throw new InvalidArgumentError(`There are the queues ${QUEUES.join(' and ')}.`);
}

const queues = (text: string): string => text.split('|').map(queue).join('|');
