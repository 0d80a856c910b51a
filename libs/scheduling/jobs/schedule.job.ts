import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobAnnouncements, JobHandlers } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { describePeriod, describeSensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import type { ValidatedRequest } from '../inputs/site-inputs';
import { fingerprintInputs } from '../inputs/input-fingerprint';
import { parseScheduleJob, SCHEDULE_JOB } from '../requests/schedule-job';
import { toScheduleRequest } from '../requests/schedule-request';
import { toOutcome, type ScheduleOutcome } from '../schedules/schedule-outcome';
import type { StoredOutput } from '../schedules/schedule-recorder';
import { SiteSchedulingService, type StoredSiteSchedule } from '../schedules/site-scheduling.service';

/** Result of a schedule job, with all that is needed to read the stored schedules. */
export interface ScheduleJobResult extends ScheduleOutcome {
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
  /** Sensors whose data was read. The result is hidden from users who cannot read all of them. */
  readSensorIds: number[];
  /** Fingerprint of the inputs of the schedules (see fingerprintInputs); undefined for custom schedulers. */
  inputs?: string;
}

/** The handler of schedule jobs. */
@Injectable()
export class ScheduleJobHandler implements OnModuleInit {
  constructor(
    private readonly scheduling: SiteSchedulingService,
    private readonly handlers: JobHandlers,
    private readonly announcements: JobAnnouncements,
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
    const computed = await this.scheduling.compute(request, (frame) => this.announce(frame));
    return async () => toScheduleJobResult(request.assetId, await this.scheduling.store(computed));
  }

  private announce({ sensors, window: { startMs, steps, stepMs } }: ValidatedRequest): void {
    const period = describePeriod(startMs, startMs + steps * stepMs, sensors[0]?.timezone ?? 'UTC');
    this.announcements.announce('Scheduling', `${sensors.map(describeSensor).join(', ')}, ${period}`);
  }
}

/** What a job tells about a stored schedule. @param assetId of the request; undefined for requests of one sensor */
export function toScheduleJobResult(
  assetId: number | undefined,
  stored: StoredSiteSchedule,
): ScheduleJobResult {
  const { scheduled, recorded, scheduler, window, sourceId, beliefTimeMs } = stored;
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
    ...toOutcome(stored),
    readSensorIds: stored.readIds,
    inputs: stored.isCustom ? undefined : fingerprintInputs(stored),
  };
}
