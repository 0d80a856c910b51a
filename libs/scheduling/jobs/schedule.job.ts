import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { CLOCK, type Clock } from '#lib/time';
import type { CommitmentCost } from '../model';
import { fingerprintOf } from '../inputs/input-fingerprint';
import { parseScheduleJob, SCHEDULE_JOB } from '../requests/schedule-job';
import { toScheduleRequest } from '../requests/schedule-request';
import {
  type ConflictOfJob,
  conflictsOfJob,
  type KpisOfJob,
  kpisOfJob,
  sensorIdOf,
} from '../schedules/schedule-report';
import { SiteSchedulingService, type StoredSiteSchedule } from '../schedules/site-scheduling.service';

/** What a job tells about the schedules that it stored, enough to find them again. */
export interface ScheduleJobResult {
  /** Not given where one sensor alone was asked for. */
  assetId?: number;
  /** Of all devices that were scheduled, in the order of the request. */
  sensorIds: number[];
  /** ISO 8601, as is the belief time. */
  start: string;
  steps: number;
  stepMs: number;
  beliefTime: string;
  sourceId: number;
  /** null where nobody knows it, as for custom schedulers. */
  cost: number | null;
  currency: string | null;
  commitments: CommitmentOfJob[];
  /** Currency by which other schedules could at most be cheaper; null when nothing is proven. */
  gap: number | null;
  fallbackReason?: string;
  /** Which constraints exclude each other; none unless the schedule is a fallback. */
  conflicts: ConflictOfJob[];
  kpis: KpisOfJob;
  warnings: string[];
  /** Of all sensors whose data was read. Whoever may not read them does not learn what was made of it. */
  readSensorIds: number[];
  /** Tells what the schedules were made from (see fingerprintOf); not known of custom schedulers. */
  inputs?: string;
}

/** As CommitmentCost, with the sensor of the device that it is about. */
export interface CommitmentOfJob extends Omit<CommitmentCost, 'device'> {
  sensorId?: number;
}

/** Computes schedules as jobs, whichever process takes them. */
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
   * Computes schedules.
   * @returns what stores them
   * @throws DomainError when the payload or what it names cannot be used; the job then fails with that sentence
   */
  async handle(payload: unknown): Promise<() => Promise<ScheduleJobResult>> {
    const request = toScheduleRequest(parseScheduleJob(payload), this.clock.now());
    const computed = await this.scheduling.compute(request);
    return async () => toResult(request.assetId, await this.scheduling.store(computed));
  }
}

function toResult(assetId: number | undefined, stored: StoredSiteSchedule): ScheduleJobResult {
  const { scheduled, window, problem, result, currency, sourceId, warnings, beliefTimeMs } = stored;
  const { cost, commitments, gap, fallbackReason, conflicts = [], devices } = result;
  const powers = devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return {
    assetId,
    sensorIds: scheduled.map(({ id }) => id),
    start: new Date(window.startMs).toISOString(),
    steps: window.steps,
    stepMs: window.stepMs,
    beliefTime: new Date(beliefTimeMs).toISOString(),
    sourceId,
    cost: Number.isNaN(cost) ? null : cost,
    currency: currency === '' ? null : currency,
    commitments: commitments.map(({ device, ...rest }) => ({
      ...rest,
      sensorId: sensorIdOf(device),
    })),
    gap: Number.isNaN(gap) ? null : gap,
    fallbackReason,
    conflicts: conflictsOfJob(conflicts, stored),
    kpis: {
      ...kpisOfJob(problem, powers),
      // What of it stores energy and what produces it, only its scheduler knows.
      ...(stored.isCustom ? { selfConsumption: null } : {}),
    },
    warnings,
    readSensorIds: stored.readIds,
    inputs: stored.isCustom ? undefined : fingerprintOf(stored),
  };
}
