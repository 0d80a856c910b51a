import { DomainError } from '#lib/errors';
import { addDuration, formatInstant, type Duration } from '#lib/time';
import { flexError } from './flex-error';

/** A schedule's window in steps of one length. */
export interface ScheduleWindow {
  startMs: number;
  stepMs: number;
  steps: number;
}

/** A moment that a schedule has to reach to. */
export interface DueMoment {
  datetimeMs: number;
  /** The field that names it, for errors. */
  field: string;
}

/** More take too much memory: those of one schedule, and those of all devices that are scheduled together. */
const MAX_STEPS = 50_000;
const MAX_STEPS_OF_DEVICES = 500_000;

export interface WindowRequest {
  startMs: number;
  /** Length; the default horizon when not given. */
  duration?: Duration;
  stepMs: number;
  /** Schedules start and end on multiples of this; the step itself when not given. */
  gridMs?: number;
  timezone: string;
  /** How many devices are scheduled; one when not given. */
  devices?: number;
  targets: DueMoment[];
  planningHorizonMs: number;
  maxPlanningHorizonMs: number | null;
}

/**
 * The window to schedule: the duration asked for or the default, extended to the last target; the start moved down to
 * the sensor's steps.
 * @returns with sentences on what was moved
 * @throws DomainError INVALID_DURATION, also for too many steps; FLEX_MODEL_INVALID for targets outside of what may be
 *   planned
 */
export function resolveWindow(request: WindowRequest): { window: ScheduleWindow; notes: string[] } {
  const { stepMs, gridMs = stepMs, timezone, maxPlanningHorizonMs } = request;
  const notes: string[] = [];
  const startMs = Math.floor(request.startMs / gridMs) * gridMs;
  if (startMs !== request.startMs) {
    notes.push(`The start was moved to ${formatInstant(startMs, timezone)}, the start of the sensor's step.`);
  }
  const latestMs = maxPlanningHorizonMs === null ? Infinity : startMs + maxPlanningHorizonMs;
  const askedMs = request.duration && addDuration(startMs, request.duration, timezone);
  if (askedMs !== undefined && (askedMs <= startMs || askedMs > latestMs)) {
    const message =
      askedMs <= startMs
        ? 'duration: a schedule has a positive duration.'
        : `duration: schedules reach at most ${(latestMs - startMs) / 3_600_000} hours ahead.`;
    throw new DomainError('INVALID_DURATION', message, 'duration');
  }
  let endMs = askedMs ?? Math.min(startMs + request.planningHorizonMs, latestMs);
  for (const { datetimeMs, field } of request.targets) {
    checkTargetTime(datetimeMs, field, startMs, latestMs, timezone);
    const dueMs = startMs + Math.ceil((datetimeMs - startMs) / stepMs) * stepMs;
    if (dueMs !== datetimeMs) {
      notes.push(`The target of ${formatInstant(datetimeMs, timezone)} was moved to the end of its step.`);
    }
    endMs = Math.max(endMs, dueMs);
  }
  endMs = startMs + Math.ceil((endMs - startMs) / gridMs) * gridMs;
  const steps = Math.round((endMs - startMs) / stepMs);
  checkSteps(steps, request.devices ?? 1);
  return { window: { startMs, stepMs, steps }, notes };
}

function checkSteps(steps: number, devices: number): void {
  const most = Math.min(MAX_STEPS, Math.floor(MAX_STEPS_OF_DEVICES / devices));
  if (steps <= most) return;
  const message =
    `duration: a schedule of ${devices} device(s) has at most ${most} steps, and this one has ${steps}. ` +
    'Ask for longer steps by resolution, or for a shorter duration.';
  throw new DomainError('INVALID_DURATION', message, 'duration');
}

function checkTargetTime(
  datetimeMs: number,
  field: string,
  startMs: number,
  latestMs: number,
  timezone: string,
): void {
  const time = formatInstant(datetimeMs, timezone);
  if (datetimeMs <= startMs) throw flexError(field, `${time} does not lie after the start of the schedule.`);
  if (datetimeMs > latestMs) throw flexError(field, `${time} lies beyond the maximum planning horizon.`);
}
