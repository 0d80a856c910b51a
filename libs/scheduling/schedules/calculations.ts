import { join } from 'node:path';
import type { Calculation } from '#lib/compute/model';
import { scheduleSequentially, scheduleSite, type SiteProblem, type SiteSchedule } from '../model';

/** Injection token of the calculator that runs schedule calculations. */
export const CALCULATOR = Symbol('CALCULATOR');

/**
 * Computes a schedule in a worker thread. The thread does not only solve the linear program: building the program, the
 * dynamic program and the check also take longer than copying the series to the thread and back.
 */
export const SCHEDULE_SITE: Calculation<SiteProblem, SiteSchedule> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'scheduleSite',
  calculate: scheduleSite,
};

/** As SCHEDULE_SITE, one device after another. */
export const SCHEDULE_SEQUENTIALLY: Calculation<SiteProblem, SiteSchedule> = {
  module: join(__dirname, '..', 'model', 'index.js'),
  name: 'scheduleSequentially',
  calculate: scheduleSequentially,
};
