import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { CLOCK, type Clock } from '#lib/time';
import type { CommitmentCost } from '../model';
import { fingerprintInputs } from '../inputs/input-fingerprint';
import { parseScheduleJob, SCHEDULE_JOB } from '../requests/schedule-job';
import { toScheduleRequest } from '../requests/schedule-request';
import {
  type JobConflict,
  toJobConflicts,
  type JobKpis,
  type JobLimits,
  toJobLimits,
  toJobKpis,
  findSensorId,
} from '../schedules/schedule-report';
import type { StoredOutput } from '../schedules/schedule-recorder';
import { SiteSchedulingService, type StoredSiteSchedule } from '../schedules/site-scheduling.service';

/** Result of a schedule job, with all that is needed to read the stored schedules. */
export interface ScheduleJobResult {
  /** Undefined for requests of one sensor. */
  assetId?: number;
  /** Sensors of the scheduled devices, in the order of the request. */
  sensorIds: number[];
  /** What is stored in which sensors, those of the devices included; jobs of earlier versions have digests instead. */
  recorded?: StoredOutput[];
  /** Digests of the stored values, in the order of the sensors, of earlier versions. */
  digests?: string[];
  /** The model of the scheduler; jobs of earlier versions lack it. */
  scheduler?: string;
  /** ISO 8601, as is the belief time. */
  start: string;
  steps: number;
  stepMs: number;
  beliefTime: string;
  sourceId: number;
  /** null if unknown (custom schedulers). */
  cost: number | null;
  currency: string | null;
  commitments: JobCommitment[];
  /** Proven upper limit of the possible cost reduction, in the currency; null if there is no proof. */
  gap: number | null;
  fallbackReason?: string;
  /** Contradicting constraints. Empty unless the schedule is a fallback. */
  conflicts: JobConflict[];
  /** Limits that the schedule does not keep, and those that it keeps; jobs of earlier versions lack them. */
  unresolved?: JobLimits[];
  resolved?: JobLimits[];
  kpis: JobKpis;
  warnings: string[];
  /** Sensors whose data was read. The result is hidden from users who cannot read all of them. */
  readSensorIds: number[];
  /** Fingerprint of the inputs of the schedules (see fingerprintInputs); undefined for custom schedulers. */
  inputs?: string;
}

/** As CommitmentCost, with the sensor instead of the device. */
export interface JobCommitment extends Omit<CommitmentCost, 'device'> {
  sensorId?: number;
}

/** The handler of schedule jobs. */
@Injectable()
export class ScheduleJobHandler implements OnModuleInit {
  constructor(
    private readonly scheduling: SiteSchedulingService,
    private readonly handlers: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.register(SCHEDULING_QUEUE, SCHEDULE_JOB, (payload) => this.handle(payload));
  }

  /**
   * Computes the schedules of a job.
   * @returns a function that stores them
   * @throws DomainError if the payload is invalid or refers to something invalid; the job fails with this message
   */
  async handle(payload: unknown): Promise<() => Promise<ScheduleJobResult>> {
    const request = toScheduleRequest(parseScheduleJob(payload), this.clock.now());
    const computed = await this.scheduling.compute(request);
    return async () => toScheduleJobResult(request.assetId, await this.scheduling.store(computed));
  }
}

/** What a job tells about a stored schedule. @param assetId of the request; undefined for requests of one sensor */
export function toScheduleJobResult(
  assetId: number | undefined,
  stored: StoredSiteSchedule,
): ScheduleJobResult {
  const {
    scheduled,
    recorded,
    scheduler,
    window,
    problem,
    result,
    currency,
    sourceId,
    warnings,
    beliefTimeMs,
  } = stored;
  const { cost, commitments, gap, fallbackReason, conflicts = [], devices } = result;
  const powers = devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return {
    assetId,
    sensorIds: scheduled.map(({ id }) => id),
    recorded,
    scheduler: scheduler.model,
    start: new Date(window.startMs).toISOString(),
    steps: window.steps,
    stepMs: window.stepMs,
    beliefTime: new Date(beliefTimeMs).toISOString(),
    sourceId,
    cost: Number.isNaN(cost) ? null : cost,
    currency: currency === '' ? null : currency,
    commitments: commitments.map(({ device, ...rest }) => ({
      ...rest,
      sensorId: findSensorId(device),
    })),
    gap: Number.isNaN(gap) ? null : gap,
    fallbackReason,
    conflicts: toJobConflicts(conflicts, stored),
    ...toJobLimits(stored.limits, stored, stored.asset.id),
    kpis: {
      ...toJobKpis(problem, powers),
      // Unknown for custom schedulers: they do not tell production from storage.
      ...(stored.isCustom ? { selfConsumption: null } : {}),
    },
    warnings,
    readSensorIds: stored.readIds,
    inputs: stored.isCustom ? undefined : fingerprintInputs(stored),
  };
}
