import { DomainError } from '#lib/errors';
import { addDuration, floorToStep, formatInstant, type Duration } from '#lib/time';
import { flexError } from '../flex-error';

/** Window of a schedule: a start and a number of equal steps. */
export interface ScheduleWindow {
  startMs: number;
  stepMs: number;
  steps: number;
}

/** A moment that the schedule must include. */
export interface DueMoment {
  datetimeMs: number;
  /** Start of the interval that ends at the datetime: then it is due at the last end of a step in it, if there is one. */
  fromMs?: number;
  /** Path of the field that contains it, for errors. */
  field: string;
}

/** More take too much memory: those of one schedule, and those of all devices that are scheduled together. */
const MAX_STEPS = 50_000;
const MAX_STEPS_OF_DEVICES = 500_000;

export interface WindowRequest {
  startMs: number;
  /** The planning horizon if not given. */
  duration?: Duration;
  stepMs: number;
  /** Schedules start at an event of this length on the clock of the zone; the step if not given. */
  startGridMs?: number;
  /** Schedules last a multiple of this; the step if not given. */
  gridMs?: number;
  /** IANA zone on whose clock steps and days are counted. */
  timezone: string;
  /** How many devices are scheduled; one when not given. */
  devices?: number;
  targets: DueMoment[];
  planningHorizonMs: number;
  maxPlanningHorizonMs: number | null;
}

/**
 * Resolves the window of a schedule: the duration of the request or the default, extended to the last target, from the
 * last start of a step before the start of the request.
 * @returns the window, and sentences on what was moved
 * @throws DomainError INVALID_DURATION, also for too many steps; FLEX_MODEL_INVALID for targets outside the longest
 *   schedule
 */
export function resolveWindow(request: WindowRequest): { window: ScheduleWindow; notes: string[] } {
  const { stepMs, startGridMs = stepMs, gridMs = stepMs, timezone, maxPlanningHorizonMs } = request;
  const notes: string[] = [];
  const startMs = floorToStep(request.startMs, startGridMs, timezone);
  if (startMs !== request.startMs) {
    notes.push(`The start was moved to ${formatInstant(startMs, timezone)}, the start of the sensor's step.`);
  }
  const latestMs = maxPlanningHorizonMs === null ? Infinity : startMs + maxPlanningHorizonMs;
  const requestedMs = request.duration && addDuration(startMs, request.duration, timezone);
  if (requestedMs !== undefined && (requestedMs <= startMs || requestedMs > latestMs)) {
    const message =
      requestedMs <= startMs
        ? 'duration: the duration of a schedule must be positive.'
        : `duration: a schedule lasts at most ${(latestMs - startMs) / 3_600_000} hours.`;
    throw new DomainError('INVALID_DURATION', message, 'duration');
  }
  let endMs = requestedMs ?? Math.min(startMs + request.planningHorizonMs, latestMs);
  for (const target of request.targets) {
    const { field } = target;
    const datetimeMs = lastDueMs(target, startMs, stepMs);
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

/** When a target is due at the latest. */
function lastDueMs({ datetimeMs, fromMs }: DueMoment, startMs: number, stepMs: number): number {
  if (fromMs === undefined) return datetimeMs;
  const lastEndMs = startMs + Math.floor((datetimeMs - startMs) / stepMs) * stepMs;
  return lastEndMs > fromMs ? lastEndMs : datetimeMs;
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
  if (datetimeMs <= startMs) throw flexError(field, `${time} is not after the start of the schedule.`);
  if (datetimeMs > latestMs) throw flexError(field, `${time} is beyond the maximum planning horizon.`);
}
