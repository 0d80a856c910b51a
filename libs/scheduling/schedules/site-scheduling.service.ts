import { Inject, Injectable } from '@nestjs/common';
import type { Calculator } from '#lib/compute';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import type { Sensor } from '#lib/sensors';
import { CustomSchedulers } from '../custom/custom-schedulers';
import { digest } from '../inputs/input-fingerprint';
import { getDeviceId, type ValidatedRequest, type SiteInput, SiteInputs } from '../inputs/site-inputs';
import { wrapCustomSchedule, type SiteSchedule } from '../model';
import type { SiteScheduleRequest } from '../requests/schedule-request';
import { type SchedulerIdentity, ScheduleStore } from '../store/schedule-store';
import { SCHEDULE_STORED } from '../store/schedules.events';
import { CALCULATOR, SCHEDULE_SEQUENTIALLY, SCHEDULE_SITE } from './calculations';
import { assertFeasible, describeFallback } from './schedule-report';

/** Computed schedules, not stored yet. */
export interface ComputedSiteSchedule extends SiteInput {
  result: SiteSchedule;
  scheduler: SchedulerIdentity;
  beliefTimeMs: number;
}

/** Stored schedules. */
export interface StoredSiteSchedule extends ComputedSiteSchedule {
  /** The data source of the schedules. */
  sourceId: number;
  /** The sensors of flexible devices and of groups, for which schedules were stored. */
  scheduled: Sensor[];
  /** Digests of the stored values, in the order of the sensors. */
  digests: string[];
}

const AUTHOR = 'Seita';
const VERSION = '1';

const schedulerModel = ({ sensors, problem }: SiteInput): string =>
  sensors.length === 1 && problem.devices[0]?.kind === 'storage' ? 'StorageScheduler' : 'SiteScheduler';

/**
 * Schedules the devices of a site, or a single device: collects the inputs, optimises, and stores the schedule of each device
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

  /** @throws DomainError with the invalid field, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async createSchedules(request: SiteScheduleRequest): Promise<StoredSiteSchedule> {
    return this.store(await this.compute(request));
  }

  /**
   * @throws DomainError with the invalid field, UNKNOWN_PRICES, UNKNOWN_MARKET, SCHEDULE_UNSOUND, or as
   *   CustomSchedulers.compute
   */
  async compute(request: SiteScheduleRequest): Promise<ComputedSiteSchedule> {
    const frame = await this.inputs.resolve(request);
    if (frame.isCustom) return this.computeCustom(request, frame);
    const input = await this.inputs.collect(request, frame);
    const calculation = request.sequential ? SCHEDULE_SEQUENTIALLY : SCHEDULE_SITE;
    const computed = await this.calculator.run(calculation, input.problem);
    assertFeasible(input.problem, computed, input);
    const result = describeFallback(computed, input);
    const warnings = [...input.warnings, ...result.warnings];
    const scheduler = { author: AUTHOR, model: schedulerModel(input), version: VERSION };
    return { ...input, result, scheduler, warnings, beliefTimeMs: request.beliefTimeMs };
  }

  /** Runs a custom scheduler. Its schedule has only power; costs are unknown. */
  private async computeCustom(
    { flexModel, flexContext, beliefTimeMs }: SiteScheduleRequest,
    frame: ValidatedRequest,
  ): Promise<ComputedSiteSchedule> {
    const { window, notes } = frame;
    const sensor = frame.sensors[0]!;
    const attributes = { ...(await this.inputs.findAttributes(sensor.asset)), ...sensor.attributes };
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
    const { problem, result } = wrapCustomSchedule(getDeviceId(sensor), powerMw, window.stepMs / 3_600_000);
    const input = {
      ...frame,
      problem,
      names: new Map(),
      currency: '',
      warnings: [...notes, ...warnings],
      readIds,
    };
    return { ...input, result, scheduler, beliefTimeMs };
  }

  /** Stores the schedules of all flexible devices, all or nothing. */
  store(computed: ComputedSiteSchedule): Promise<StoredSiteSchedule> {
    const { sensors, groupSensors, window, problem, result, scheduler, isCustom, beliefTimeMs } = computed;
    return this.transactions.run(async () => {
      const sourceId = await this.schedules.findOrCreateSource(scheduler);
      const scheduled: Sensor[] = [];
      const digests: string[] = [];
      for (const [i, sensor] of sensors.entries()) {
        const device = problem.devices[i]!;
        if (device.kind === 'inflexible' && !isCustom) continue;
        scheduled.push(sensor);
        const power = result.devices[i]!.unroundedPowerMw;
        const { consumption } = await this.schedules.save(sensor, window, power, sourceId, {
          beliefTimeMs,
          socAtStartMwh: device.kind === 'storage' ? device.socAtStartMwh : undefined,
        });
        digests.push(digest(consumption));
      }
      for (const sensor of groupSensors) {
        const group = result.groups!.find(({ id }) => id === getDeviceId(sensor))!;
        const { consumption } = await this.schedules.save(sensor, window, group.powerMw, sourceId, {
          beliefTimeMs,
        });
        scheduled.push(sensor);
        digests.push(digest(consumption));
      }
      this.events.emit(SCHEDULE_STORED, {
        ...{ sensorIds: scheduled.map(({ id }) => id), sourceId, beliefTimeMs },
        ...{ startMs: window.startMs, endMs: window.startMs + window.steps * window.stepMs },
      });
      return { ...computed, sourceId, scheduled, digests };
    });
  }
}
