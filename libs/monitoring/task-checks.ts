import { formatDuration, formatInstant, MINUTE_MS } from '#lib/time';
import type { Alert } from './alerts';

/** How often a task should succeed. */
export interface ExpectedTask {
  name: string;
  maxMinutes: number;
}

/** The latest run of a task. */
export interface LatestRun {
  datetime: Date;
  /** Whether it succeeded. */
  status: boolean;
}

/** What is wrong with a task; undefined if it ran in time and succeeded. */
export function findTaskProblem(
  { name, maxMinutes }: ExpectedTask,
  run: LatestRun | null,
  nowMs: number,
): Alert | undefined {
  const subject = `Problem with task ${name}`;
  if (!run) {
    const message = `Task ${name} has no last run and thus cannot be monitored. Is it configured properly?`;
    return { subject, message };
  }
  const isLate = run.datetime.getTime() < nowMs - maxMinutes * MINUTE_MS;
  if (!isLate && run.status) return undefined;
  const lastRun = formatInstant(run.datetime.getTime(), 'UTC');
  const message = isLate
    ? `Task ${name} ran last at ${lastRun}, longer than ${formatDuration(maxMinutes * MINUTE_MS)} ago.`
    : `Task ${name} failed at ${lastRun}.`;
  const details = `The last run was at ${lastRun}, and ${run.status ? 'succeeded' : 'failed'}. The logs may say more.`;
  return { subject, message, details, contexts: { latest_run: { time: lastRun, status: run.status } } };
}
