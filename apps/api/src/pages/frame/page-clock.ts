import type { FactoryProvider } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, SystemClock, type Clock } from '#lib/time';

/** The same moment in another year; the 29th of February is the 1st of March in other years. */
export function inYear(ms: number, year: number): number {
  return new Date(ms).setUTCFullYear(year);
}

/** How far the time of the pages is ahead of the real one, in milliseconds; 0 without a demo year. */
export const pageOffsetMs = (nowMs: number, { demoYear }: Pick<Settings['pages'], 'demoYear'>): number =>
  demoYear === undefined ? 0 : inYear(nowMs, demoYear) - nowMs;

/** The clock of the system in another year. Only `now` differs: nothing waits or expires by it. */
class YearClock extends SystemClock {
  constructor(private readonly year: number) {
    super();
  }

  override now(): number {
    return inYear(super.now(), this.year);
  }
}

/**
 * The clock of pages that show data: in demo mode, it runs in the year of the setting, so that old data look current. Logins,
 * tokens and jobs have the real time.
 */
export const PAGE_CLOCK: FactoryProvider<Clock> = {
  provide: CLOCK,
  inject: [SETTINGS],
  useFactory: ({ pages }: Settings) =>
    pages.demoYear === undefined ? new SystemClock() : new YearClock(pages.demoYear),
};
