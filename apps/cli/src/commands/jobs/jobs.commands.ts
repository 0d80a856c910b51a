import { Command, InvalidArgumentError, Option } from 'commander';
import { QUEUES } from '#lib/queues/model';
import type { ClearOptions } from './jobs.actions';

/** `flexmeasures jobs ...`: the queues, and workers that run their jobs. */
export function jobsCommands(): Command {
  const jobs = new Command('jobs').description('Queues of jobs, and workers for them.');
  const actions = () => import('./jobs.actions.js');
  jobs
    .command('run-worker')
    .description('Start a worker that runs the jobs of queues in Redis.')
    .addOption(queueOption('queue of the jobs; separate several with |', queues).makeOptionMandatory())
    .option('--name <name>', 'name of the worker')
    .action(async (options: { queue: string; name?: string }) => (await actions()).runWorker(options));
  jobs
    .command('show-queues')
    .description('Show how many jobs each queue has.')
    .action(async () => (await actions()).showQueues());
  jobs
    .command('clear-queue')
    .description('Remove all jobs of a queue that have not started.')
    .addOption(queueOption('queue to clear', queue).makeOptionMandatory())
    .option('--scheduled', 'remove only the jobs that wait for a retry')
    .addOption(
      new Option('--failed', 'delete the failed jobs instead; keep the queued ones').conflicts('scheduled'),
    )
    .action(async (options: ClearOptions) => (await actions()).clearQueue(options));
  jobs
    .command('show-events')
    .description('Show the progress and failures of each subscription to events.')
    .action(async () => (await actions()).showEvents());
  jobs
    .command('drop-subscription')
    .description('Delete a subscription to events that no code uses any more, with its pending deliveries.')
    .requiredOption('--name <name>', 'name of the subscription')
    .action(async (options: { name: string }) => (await actions()).dropSubscription(options));
  return jobs;
}

const queueOption = (description: string, parse: (text: string) => string): Option =>
  new Option('--queue <queue>', `${description}: ${QUEUES.join(', ')}`).argParser(parse);

function queue(text: string): string {
  if (QUEUES.includes(text)) return text;
  throw new InvalidArgumentError(`The queues are ${QUEUES.join(' and ')}.`);
}

const queues = (text: string): string => text.split('|').map(queue).join('|');
