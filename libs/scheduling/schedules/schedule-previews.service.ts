import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { FairSemaphore, QueueFullError } from '#lib/concurrency';
import { DomainError } from '#lib/errors';
import { CLOCK, type Clock } from '#lib/time';
import { SiteInputs } from '../inputs/site-inputs';
import { parseScheduleJob, type ScheduleJob } from '../requests/schedule-job';
import { toScheduleRequest } from '../requests/schedule-request';
import { toOutcome, type ScheduleOutcome } from './schedule-outcome';
import { SiteSchedulingService, type ComputedSiteSchedule } from './site-scheduling.service';

/** What a device would do. */
export interface PreviewedDevice {
  sensor: ComputedSiteSchedule['sensors'][number];
  /** MW per step, consumption positive. */
  powerMw: Float64Array;
  /** MWh at the start and after each step; undefined for other devices than storages. */
  socMwh?: Float64Array;
}

/** What schedules would do. */
export interface SchedulePreview {
  startMs: number;
  stepMs: number;
  steps: number;
  timezone: string;
  outcome: ScheduleOutcome;
  devices: PreviewedDevice[];
}

const WAITING = { maxWaiting: 100, maxWaitingPerKey: 5 };

/** Computes schedules without storing anything. */
@Injectable()
export class SchedulePreviews {
  /** Jobs wait in queues of their own; previews must not take all threads from them. */
  private readonly turns = new FairSemaphore({ capacity: 2, capacityPerKey: 1, ...WAITING });

  constructor(
    private readonly inputs: SiteInputs,
    private readonly scheduling: SiteSchedulingService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Computes what a job would. One preview of an account runs at a time.
   * @throws DomainError as `ScheduleJobsService.trigger`, and errors with which the job would fail; TOO_MANY_JOBS if too many previews wait
   */
  async compute(
    job: Omit<ScheduleJob, 'userId' | 'deviceTokenId'>,
    requester: Requester,
  ): Promise<SchedulePreview> {
    const payload = { ...job, userId: requester.id, deviceTokenId: requester.deviceTokenId };
    const request = toScheduleRequest(parseScheduleJob(payload), this.clock.now());
    await this.inputs.validate(request, requester);
    const computed = await this.turns
      .run(String(requester.accountId), () => this.scheduling.compute(request))
      .catch((error: unknown) => {
        if (!(error instanceof QueueFullError)) throw error;
        throw new DomainError('TOO_MANY_JOBS', 'Too many previews of your account are waiting.');
      });
    return toPreview(computed);
  }
}

function toPreview(computed: ComputedSiteSchedule): SchedulePreview {
  const { window, sensors, result } = computed;
  const { startMs, stepMs, steps, timezone } = window;
  const devices = sensors.map((sensor, index): PreviewedDevice => {
    const { unroundedPowerMw: powerMw, socMwh } = result.devices[index]!;
    return { sensor, powerMw, socMwh };
  });
  return { ...{ startMs, stepMs, steps, timezone, devices }, outcome: toOutcome(computed) };
}
