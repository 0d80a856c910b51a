import { join } from 'node:path';
import type { Calculation } from '#lib/solver/model';
import { scheduleStorage, type ScheduleResult, type StorageProblem } from './model';

/** Injection token of who carries calculations out. */
export const CALCULATOR = Symbol('CALCULATOR');

/**
 * A whole schedule is calculated in a thread, not its linear program alone: building the program, the dynamic program
 * and the check take longer than copying the series there and back.
 */
export const SCHEDULE_STORAGE: Calculation<StorageProblem, ScheduleResult> = {
  module: join(__dirname, 'model', 'index.js'),
  name: 'scheduleStorage',
  calculate: scheduleStorage,
};
