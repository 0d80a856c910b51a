import { Inject, Injectable } from '@nestjs/common';
import type { Calculator } from '#lib/compute';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import type { Sensor } from '#lib/sensors';
import { CustomSchedulers } from '../custom/custom-schedulers';
import { deviceIdOf, type SiteFrame, type SiteInput, SiteInputs } from '../inputs/site-inputs';
import { wrapCustomSchedule, type SiteSchedule } from '../model';
import type { SiteScheduleRequest } from '../requests/schedule-request';
import { type SchedulerIdentity, ScheduleStore } from '../store/schedule-store';
import { SCHEDULE_STORED } from '../store/schedules.events';
import { CALCULATOR, SCHEDULE_SEQUENTIALLY, SCHEDULE_SITE } from './calculations';
import { assertFeasible, describeFallback } from './schedule-report';

/** Schedules that have been computed and not stored yet. */
export interface ComputedSiteSchedule extends SiteInput {
  result: SiteSchedule;
  scheduler: SchedulerIdentity;
  beliefTimeMs: number;
}

/** Schedules that have been stored. */
export interface StoredSiteSchedule extends ComputedSiteSchedule {
  /** The data source that the schedules are stored under. */
  sourceId: number;
  /** Those of the sensors whose devices there was something to decide about. */
  scheduled: Sensor[];
}

const AUTHOR = 'Seita';
const VERSION = '1';

const modelOf = ({ sensors, problem }: SiteInput): string =>
  sensors.length === 1 && problem.devices[0]?.kind === 'storage' ? 'StorageScheduler' : 'SiteScheduler';

/**
 * Schedules the devices of a site, also a single one: collects what is known, optimises, stores each device's schedule
 * as beliefs.
 */
@Injectable()
export class SiteSchedulingService {
  constructor(
    private readonly inputs: SiteInputs,
    private readonly custom: CustomSchedulers,
    private readonly schedules: ScheduleStore,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async createSchedules(request: SiteScheduleRequest): Promise<StoredSiteSchedule> {
    return this.store(await this.compute(request));
  }

  /**
   * @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET, SCHEDULE_UNSOUND, or as
   *   CustomSchedulers.compute
   */
  async compute(request: SiteScheduleRequest): Promise<ComputedSiteSchedule> {
    const frame = await this.inputs.frame(request);
    if (frame.isCustom) return this.computeCustom(request, frame);
    const input = await this.inputs.collect(request, frame);
    const calculation = request.sequential ? SCHEDULE_SEQUENTIALLY : SCHEDULE_SITE;
    const computed = await this.calculator.run(calculation, input.problem);
    assertFeasible(input.problem, computed, input);
    const result = describeFallback(computed, input);
    const warnings = [...input.warnings, ...result.warnings];
    const scheduler = { author: AUTHOR, model: modelOf(input), version: VERSION };
    return { ...input, result, scheduler, warnings, beliefTimeMs: request.beliefTimeMs };
  }

  /** A schedule of the host's own scheduler: power alone, at costs that nobody knows. */
  private async computeCustom(
    { flexModel, flexContext, beliefTimeMs }: SiteScheduleRequest,
    frame: SiteFrame,
  ): Promise<ComputedSiteSchedule> {
    const { window, notes } = frame;
    const sensor = frame.sensors[0]!;
    const attributes = { ...(await this.inputs.attributesOf(sensor.asset)), ...sensor.attributes };
    const request = {
      sensor,
      attributes,
      window,
      flexModel: flexModel[0]!,
      flexContext,
      beliefTimeMs,
      reader: frame,
    };
    const { powerMw, scheduler, warnings, readIds } = await this.custom.compute(request);
    const { problem, result } = wrapCustomSchedule(deviceIdOf(sensor), powerMw, window.stepMs / 3_600_000);
    const input = { ...frame, problem, currency: '', warnings: [...notes, ...warnings], readIds };
    return { ...input, result, scheduler, beliefTimeMs };
  }

  /** Stores the schedules of all devices that were scheduled, or none; within a transaction of the caller, if any. */
  store(computed: ComputedSiteSchedule): Promise<StoredSiteSchedule> {
    const { sensors, window, problem, result, scheduler, isCustom, beliefTimeMs } = computed;
    return this.transactions.run(async () => {
      const sourceId = await this.schedules.sourceOf(scheduler);
      const scheduled: Sensor[] = [];
      for (const [i, sensor] of sensors.entries()) {
        const device = problem.devices[i]!;
        if (device.kind === 'inflexible' && !isCustom) continue;
        scheduled.push(sensor);
        await this.schedules.save(sensor, window, result.devices[i]!.unroundedPowerMw, sourceId, {
          beliefTimeMs,
          socAtStartMwh: device.kind === 'storage' ? device.socAtStartMwh : undefined,
        });
      }
      this.events.emit(SCHEDULE_STORED, {
        ...{ sensorIds: scheduled.map(({ id }) => id), sourceId, beliefTimeMs },
        ...{ startMs: window.startMs, endMs: window.startMs + window.steps * window.stepMs },
      });
      return { ...computed, sourceId, scheduled };
    });
  }
}
