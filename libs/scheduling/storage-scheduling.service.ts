import { Inject, Injectable } from '@nestjs/common';
import type { SaveResult } from '#lib/beliefs';
import type { Solver } from '#lib/solver';
import type { ScheduleWindow } from './flex-model';
import { scheduleStorage, type ScheduleResult } from './model';
import { ScheduleStore } from './schedule-store';
import { StorageInputs, type StorageScheduleRequest } from './storage-inputs';

/** Injection token of the solver. */
export const SOLVER = Symbol('SOLVER');

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
    private readonly store: ScheduleStore,
    @Inject(SOLVER) private readonly solver: Solver,
  ) {}

  /** @throws DomainError naming the field that cannot be used, or UNKNOWN_PRICES */
  async createSchedule(request: StorageScheduleRequest): Promise<StoredSchedule> {
    const { sensor, window, problem, currency, warnings } = await this.inputs.collect(request);
    const result = await scheduleStorage(problem, this.solver);
    const { sourceId, ...saved } = await this.store.save(sensor, window, result.powerMw, SCHEDULER, {
      beliefTimeMs: request.beliefTimeMs,
      socAtStartMwh: problem.socAtStartMwh,
    });
    return { window, result, currency, saved, sourceId, warnings: [...warnings, ...result.warnings] };
  }
}
