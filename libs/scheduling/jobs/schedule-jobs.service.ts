import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { type Job, JobsService } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { CLOCK, type Clock } from '#lib/time';
import { fingerprintInputs } from '../inputs/input-fingerprint';
import { SiteInputs, type ValidatedRequest } from '../inputs/site-inputs';
import { parseScheduleJob, SCHEDULE_JOB, type ScheduleJob } from '../requests/schedule-job';
import { type SiteScheduleRequest, toScheduleRequest } from '../requests/schedule-request';
import type { ScheduleJobResult } from './schedule.job';

/** Queues schedule jobs. FinishedSchedules finds their results. */
@Injectable()
export class ScheduleJobsService {
  constructor(
    private readonly inputs: SiteInputs,
    private readonly jobs: JobsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Validates a request without reading data, and queues it. Without a belief time, the time of the trigger is used: data
   * that becomes known before a worker starts is not read.
   * @param options.forceNew whether to create a new job although an equal one was created a short while ago
   * @param options.requester the user who asks; undefined for the host, whose jobs read as the account of the asset
   * @returns the id of the job, which is the same for the same request of the same user within
   *   FLEXMEASURES_JOB_CACHE_TTL unless the inputs of its schedule (data, attributes, limits) have changed, and notes about
   *   adjustments
   * @throws DomainError with the field that is invalid or refers to a sensor that the user cannot read; TOO_MANY_JOBS if the
   *   user, or the account, has too many open jobs
   */
  async trigger(
    job: Omit<ScheduleJob, 'userId' | 'deviceTokenId'>,
    { forceNew, requester }: { forceNew?: boolean; requester?: Requester } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const nowMs = this.clock.now();
    const identity: ScheduleJob = {
      ...job,
      userId: requester?.id,
      deviceTokenId: requester?.deviceTokenId,
    };
    const beliefTime = job.beliefTime ?? new Date(nowMs).toISOString();
    const payload: ScheduleJob = { ...identity, beliefTime };
    const request = toScheduleRequest(parseScheduleJob(payload), nowMs);
    const validated = await this.inputs.validate(request, requester);
    const id = await this.jobs.enqueue(SCHEDULING_QUEUE, SCHEDULE_JOB, payload, {
      forceNew,
      identity,
      owner: requester
        ? { accountId: requester.accountId, userId: requester.id }
        : { accountId: validated.asset.accountId },
      isLimited: true,
      isStillValid: (job) => this.hasSameInputs(job, request, validated),
    });
    return { id, notes: validated.notes };
  }

  /**
   * Asks again for the schedule of a job, with what is known now; but with the belief time of the request if it had one.
   * @throws as `trigger`
   */
  retry(job: Job, requester: Requester): Promise<{ id: string; notes: string[] }> {
    const { beliefTime, ...asked } = parseScheduleJob(job.payload);
    const wasGiven = !this.jobs.hasIdentity(job, asked);
    return this.trigger({ ...asked, ...(wasGiven && { beliefTime }) }, { requester });
  }

  /** Whether a job for an equal request has the inputs that the request would have now. */
  private async hasSameInputs(
    job: Job,
    request: SiteScheduleRequest,
    validated: ValidatedRequest,
  ): Promise<boolean> {
    // It is unknown what a custom scheduler reads.
    if (validated.isCustom) return false;
    const now = await this.findFingerprint(request, validated);
    if (job.state === 'finished') return (job.result as ScheduleJobResult).inputs === now;
    const { beliefTime } = job.payload as ScheduleJob;
    if (beliefTime === undefined) return false;
    const then = { ...request, beliefTimeMs: Date.parse(beliefTime) };
    return (await this.findFingerprint(then, validated)) === now;
  }

  /** The fingerprint of the inputs of a request; undefined if no schedule is possible with the data. */
  private findFingerprint(
    request: SiteScheduleRequest,
    validated: ValidatedRequest,
  ): Promise<string | undefined> {
    return this.inputs.collect(request, validated).then(fingerprintInputs, (error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
  }
}
