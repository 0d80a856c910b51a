import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TaskRunsRepository } from '#lib/database';
import { EventSubscriptions } from '#lib/events';
import { JOB_FAILED, JOB_FINISHED, type JobEvent } from './jobs.events';

/** The latest end of a job of a kind. */
interface LatestEnd {
  kind: string;
  endedAtMs: number;
  succeeded: boolean;
}

/** Name of the task under which the latest run of a kind of job is recorded. */
export const taskOfJobs = (kind: string): string => `jobs.${kind}`;

/** Many jobs may end at once, and only the last one counts. */
const DEBOUNCE_MS = 1_000;
const MAX_WAIT_MS = 10_000;

/** Records when a job of each kind ended last, and whether it succeeded, among the runs of recurring tasks. */
@Injectable()
export class JobTaskRuns implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly runs: TaskRunsRepository,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onMerged<JobEvent, LatestEnd>({
      name: 'queues.task-runs',
      events: [JOB_FINISHED, JOB_FAILED],
      toWork: ({ name, payload: { kind }, emittedAtMs: endedAtMs }) => ({
        key: kind,
        work: { kind, endedAtMs, succeeded: name === JOB_FINISHED.name },
      }),
      merge: (before, after) => (before.endedAtMs > after.endedAtMs ? before : after),
      debounceMs: DEBOUNCE_MS,
      maxWaitMs: MAX_WAIT_MS,
      handle: ({ kind, endedAtMs, succeeded }) =>
        this.runs.record({ name: taskOfJobs(kind), datetime: new Date(endedAtMs), status: succeeded }),
    });
  }
}
