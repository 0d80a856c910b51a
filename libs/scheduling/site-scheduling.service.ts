import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import type { Calculator } from '#lib/solver';
import { CALCULATOR, SCHEDULE_SEQUENTIALLY, SCHEDULE_SITE } from './calculations';
import type { SiteSchedule } from './model';
import type { SiteScheduleRequest } from './schedule-request';
import { demandSound, onZoneClock } from './schedule-report';
import { ScheduleStore } from './schedule-store';
import { type SiteInput, SiteInputs } from './site-inputs';

/** Schedules that have been computed and not stored yet. */
export interface ComputedSiteSchedule extends SiteInput {
  result: SiteSchedule;
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

/**
 * Schedules the devices of a site, also a single one: collects what is known, optimises, stores each device's schedule
 * as beliefs.
 */
@Injectable()
export class SiteSchedulingService {
  constructor(
    private readonly inputs: SiteInputs,
    private readonly schedules: ScheduleStore,
    private readonly transactions: Transactions,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async createSchedules(request: SiteScheduleRequest): Promise<StoredSiteSchedule> {
    return this.store(await this.compute(request));
  }

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET, SCHEDULE_UNSOUND */
  async compute(request: SiteScheduleRequest): Promise<ComputedSiteSchedule> {
    const input = await this.inputs.collect(request);
    const calculation = request.sequential ? SCHEDULE_SEQUENTIALLY : SCHEDULE_SITE;
    const computed = await this.calculator.run(calculation, input.problem);
    demandSound(input.problem, computed, input.window);
    const result = onZoneClock(computed, input.window);
    const warnings = [...input.warnings, ...result.warnings];
    return { ...input, result, warnings, beliefTimeMs: request.beliefTimeMs };
  }

  /** Stores the schedules of all devices that were scheduled, or none; within a transaction of the caller, if any. */
  store(computed: ComputedSiteSchedule): Promise<StoredSiteSchedule> {
    const { sensors, window, problem, result, beliefTimeMs } = computed;
    const isOneStorage = sensors.length === 1 && problem.devices[0]?.kind === 'storage';
    const scheduler = {
      author: AUTHOR,
      model: isOneStorage ? 'StorageScheduler' : 'SiteScheduler',
      version: VERSION,
    };
    return this.transactions.run(async () => {
      const sourceId = await this.schedules.sourceOf(scheduler);
      const scheduled: Sensor[] = [];
      for (const [i, sensor] of sensors.entries()) {
        const device = problem.devices[i]!;
        if (device.kind === 'inflexible') continue;
        scheduled.push(sensor);
        await this.schedules.save(sensor, window, result.devices[i]!.powerMw, sourceId, {
          beliefTimeMs,
          socAtStartMwh: device.kind === 'storage' ? device.socAtStartMwh : undefined,
        });
      }
      return { ...computed, sourceId, scheduled };
    });
  }
}
