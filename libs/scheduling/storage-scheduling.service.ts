import { Inject, Injectable } from '@nestjs/common';
import type { SaveResult } from '#lib/beliefs';
import type { Calculator } from '#lib/solver/model';
import { CALCULATOR, SCHEDULE_STORAGE } from './calculations';
import type { ScheduleWindow } from './flex-model';
import type { ScheduleResult } from './model';
import { ScheduleStore } from './schedule-store';
import { StorageInputs, type StorageInput, type StorageScheduleRequest } from './storage-inputs';

/** A schedule that has yet to be stored. */
export interface ComputedSchedule extends StorageInput {
  result: ScheduleResult;
  beliefTimeMs: number;
}

/** A schedule that has been stored. */
export interface StoredSchedule {
  window: ScheduleWindow;
  result: ScheduleResult;
  currency: string;
  saved: SaveResult;
  /** The data source that the schedule is stored under. */
  sourceId: number;
  /** Sentences on what was assumed, moved or missing. */
  warnings: string[];
}

const SCHEDULER = { author: 'Seita', model: 'StorageScheduler', version: '1' };

/** Schedules single storage devices: collects prices and loads, optimises, stores the schedule as beliefs. */
@Injectable()
export class StorageSchedulingService {
  constructor(
    private readonly inputs: StorageInputs,
    private readonly schedules: ScheduleStore,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** @throws DomainError naming the field that cannot be used, or UNKNOWN_PRICES */
  async createSchedule(request: StorageScheduleRequest): Promise<StoredSchedule> {
    return this.store(await this.compute(request));
  }

  /** @throws DomainError naming the field that cannot be used, or UNKNOWN_PRICES */
  async compute(request: StorageScheduleRequest): Promise<ComputedSchedule> {
    const input = await this.inputs.collect(request);
    const result = await this.calculator.run(SCHEDULE_STORAGE, input.problem);
    return { ...input, result, beliefTimeMs: request.beliefTimeMs };
  }

  /** Stores a schedule; within a transaction of the caller, if there is one. */
  async store({ sensor, window, problem, result, ...computed }: ComputedSchedule): Promise<StoredSchedule> {
    const { sourceId, ...saved } = await this.schedules.save(sensor, window, result.powerMw, SCHEDULER, {
      beliefTimeMs: computed.beliefTimeMs,
      socAtStartMwh: problem.socAtStartMwh,
    });
    const warnings = [...computed.warnings, ...result.warnings];
    return { window, result, currency: computed.currency, saved, sourceId, warnings };
  }
}
