import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers, JobsService } from '#lib/queues';
import {
  parseSiteScheduleJob,
  SCHEDULING_QUEUE,
  SITE_SCHEDULE_JOB,
  type SiteScheduleJob,
} from '#lib/queues/model';
import { parseDuration, parseInstant } from '#lib/time';
import type { CommitmentCost } from './model';
import { SiteInputs, type SiteScheduleRequest } from './site-inputs';
import { SiteSchedulingService, type StoredSiteSchedule } from './site-scheduling.service';

/** What a job tells about the schedules that it stored, enough to find them again. */
export interface SiteScheduleJobResult {
  assetId: number;
  /** Of all devices, in the order of the request. */
  sensorIds: number[];
  /** ISO 8601, as is the belief time. */
  start: string;
  steps: number;
  stepMs: number;
  beliefTime: string;
  sourceId: number;
  cost: number;
  currency: string;
  commitments: CommitmentCost[];
  /** Currency by which other schedules could at most be cheaper; null when nothing is proven. */
  gap: number | null;
  fallbackReason?: string;
  warnings: string[];
}

/** Takes schedules of sites in as jobs, and runs them, whichever process takes them. */
@Injectable()
export class SiteScheduleJobs implements OnModuleInit {
  constructor(
    private readonly scheduling: SiteSchedulingService,
    private readonly inputs: SiteInputs,
    private readonly jobs: JobsService,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(SCHEDULING_QUEUE, SITE_SCHEDULE_JOB, (payload) => this.handle(payload));
  }

  /**
   * Checks a request as far as that needs no data, and queues it.
   * @param options.forceNew whether to compute anew what was asked for a short while ago
   * @returns the job's id, the same for the same request; and what of the request was moved
   * @throws DomainError naming the field that cannot be used
   */
  async trigger(
    job: SiteScheduleJob,
    options: { forceNew?: boolean } = {},
  ): Promise<{ id: string; notes: string[] }> {
    const { notes } = await this.inputs.check(toSiteRequest(parseSiteScheduleJob(job)));
    return { id: await this.jobs.enqueue(SCHEDULING_QUEUE, SITE_SCHEDULE_JOB, job, options), notes };
  }

  /**
   * Computes schedules.
   * @returns what stores them
   * @throws DomainError when the payload or what it names cannot be used; the job then fails with that sentence
   */
  async handle(payload: unknown): Promise<() => Promise<SiteScheduleJobResult>> {
    const request = toSiteRequest(parseSiteScheduleJob(payload));
    const computed = await this.scheduling.compute(request);
    return async () => toResult(request, await this.scheduling.store(computed));
  }
}

function toResult(
  { assetId }: SiteScheduleRequest,
  { sensors, window, result, currency, sourceId, warnings, beliefTimeMs }: StoredSiteSchedule,
): SiteScheduleJobResult {
  const { cost, commitments, gap, fallbackReason } = result;
  return {
    assetId,
    sensorIds: sensors.map(({ id }) => id),
    start: new Date(window.startMs).toISOString(),
    steps: window.steps,
    stepMs: window.stepMs,
    beliefTime: new Date(beliefTimeMs).toISOString(),
    sourceId,
    cost,
    currency,
    commitments,
    gap: Number.isNaN(gap) ? null : gap,
    fallbackReason,
    warnings,
  };
}

/** @throws TimeError for times that cannot be read */
export function toSiteRequest(job: SiteScheduleJob): SiteScheduleRequest {
  const { assetId, flexModel, flexContext, sequential } = job;
  return {
    assetId,
    startMs: parseInstant(job.start),
    duration: job.duration === undefined ? undefined : parseDuration(job.duration),
    beliefTimeMs: job.beliefTime === undefined ? Date.now() : parseInstant(job.beliefTime),
    flexModel,
    flexContext,
    sequential,
  };
}
