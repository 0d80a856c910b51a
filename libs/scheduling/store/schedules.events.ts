import { defineEvent } from '#lib/events';

/** Schedules of one or several devices were stored together. Times are epoch milliseconds. */
export const SCHEDULE_STORED = defineEvent<{
  /** Power sensors of the devices. */
  sensorIds: number[];
  sourceId: number;
  startMs: number;
  endMs: number;
  beliefTimeMs: number;
}>('schedule.stored');
