import type { Job } from '#lib/queues';
import type { ScheduleJobResult } from '#lib/scheduling';

/** The end of the window of a schedule, epoch milliseconds. */
export const endOfPlan = ({ start, steps, stepMs }: ScheduleJobResult): number =>
  Date.parse(start) + steps * stepMs;

/**
 * The schedule that holds at a moment: the newest one that has begun and is not over; else the newest one that will begin. A
 * newer one about another time, such as last week or tomorrow, does not replace it.
 * @param schedules finished schedule jobs, the newest first
 */
export function findCurrentPlan<Schedule extends Pick<Job, 'result'>>(
  schedules: readonly Schedule[],
  nowMs: number,
): Schedule | undefined {
  const open = schedules.filter(
    ({ result }) => result !== null && endOfPlan(result as ScheduleJobResult) > nowMs,
  );
  return open.find(({ result }) => Date.parse((result as ScheduleJobResult).start) <= nowMs) ?? open[0];
}
