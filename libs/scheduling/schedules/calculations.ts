import { join } from 'node:path';
import type { Calculation } from '#lib/compute/model';
import { scheduleSequentially, scheduleSite, type SiteProblem, type SiteSchedule } from '../model';

/** Injection token of who carries calculations out. */
export const CALCULATOR = Symbol('CALCULATOR');

/**
 * A whole schedule is calculated in a thread, not its linear program alone: building the program, the dynamic program
 * and the check take longer than copying the series there and back.
 */
export const SCHEDULE_SITE: Calculation<SiteProblem, SiteSchedule> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'scheduleSite',
  calculate: scheduleSite,
};

/** As above, one device after another. */
export const SCHEDULE_SEQUENTIALLY: Calculation<SiteProblem, SiteSchedule> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'scheduleSequentially',
  calculate: scheduleSequentially,
};
