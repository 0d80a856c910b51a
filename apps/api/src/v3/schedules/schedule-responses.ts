import type { FinishedSchedule, FinishedSiteSchedule, SchedulePreview, ScheduleState } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { addDuration, formatDuration, formatInstant, parseDuration } from '#lib/time';
import { convertValues, UnitError } from '#lib/units';
import { rejected, unprocessable } from '../../http/errors/api-error';
import type { ScheduleQuery } from './schedules.dto';
import { toCommitmentResponse, toFailureReason, toOutcomeResponse } from '../jobs/job-responses';

export const PROCESSED = 'Request has been processed.';

/**
 * Returns the schedule of a finished job.
 * @throws ApiError 400 if the job is unknown, has failed or has not finished
 */
export function getFinishedSchedule<Schedule>(uuid: string, state: ScheduleState<Schedule>): Schedule {
  const unknown = (reason: string) =>
    rejected(400, 'UNKNOWN_SCHEDULE', `No known schedule for this time period. ${reason}`);
  switch (state.state) {
    case 'finished':
      return state.schedule;
    case 'unknown':
      throw rejected(
        400,
        'UNRECOGNIZED_UDI_EVENT',
        `The requested UDI event (id = ${uuid}, type = job) is not known.`,
      );
    case 'failed':
      throw unknown(`Scheduling job failed with ${toFailureReason(state.reason)}`);
    case 'queued':
      throw unknown(
        `Scheduling job waiting to be processed. It fails if it has not started by ${state.deadline.toISOString()}.`,
      );
    case 'started':
      throw unknown('Scheduling job in progress.');
  }
}

/**
 * The receipt of a queued schedule.
 * @param resource path of the sensor or asset of the schedule, such as `sensors/5`
 */
export const toReceipt = (uuid: string, message: string, resource: string) => ({
  status: 'PROCESSED',
  schedule: uuid,
  job: uuid,
  'job-url': `/api/v3_0/jobs/${uuid}`,
  'results-url': `/api/v3_0/${resource}/schedules/${uuid}`,
  message,
});

/** Which direction of power is positive in an answer; `wysiwyg`: as in the data of the sensor. */
export type SignConvention = 'consumption-positive' | 'production-positive' | 'wysiwyg';

/** A schedule, or the first part of it, as a response of the API. */
export function toScheduleResponse(sensor: Sensor, schedule: FinishedSchedule, query: ScheduleQuery) {
  const { startMs, stepMs, notes, scheduler } = schedule;
  const { timezone, eventResolutionMs } = sensor;
  const askedMs = addDuration(startMs, parseDuration(query.duration ?? 'PT6H'), timezone) - startMs;
  const steps = Math.floor(askedMs / stepMs);
  // Instants are given at the start and at the end of the part.
  const shown = schedule.values.slice(0, eventResolutionMs === 0 ? steps + 1 : steps);
  const lastSteps = eventResolutionMs === 0 ? Math.max(0, shown.length - 1) : shown.length;
  const unit = query.unit ?? sensor.unit;
  const sign = signFor(query['sign-convention'] ?? 'consumption-positive', schedule.storedSign);
  return {
    status: 'PROCESSED',
    message: [PROCESSED, ...notes].join(' '),
    // Adding 0 converts -0 to 0.
    values: Array.from(toUnit(shown, sensor.unit, unit), (value) => sign * value + 0),
    start: formatInstant(startMs, timezone),
    duration: formatDuration(lastSteps * stepMs),
    unit,
    scheduler_info: { scheduler },
  };
}

function signFor(convention: SignConvention, storedSign: FinishedSchedule['storedSign']): 1 | -1 {
  if (storedSign === undefined || convention === 'consumption-positive') return 1;
  return convention === 'wysiwyg' ? storedSign : -1;
}

/** @throws ApiError 422 naming the unit */
function toUnit(values: Float64Array, from: string, to: string): Float64Array {
  try {
    return from === to ? values : convertValues(values, from, to);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw unprocessable('args_and_json', { unit: [error.message] });
  }
}

/** The schedules of a site as a response of the API. */
export function toSiteScheduleResponse(schedule: FinishedSiteSchedule) {
  const { startMs, timezone, durationMs, devices, cost, currency, commitments, notes } = schedule;
  return {
    status: 'PROCESSED',
    message: [PROCESSED, ...notes].join(' '),
    start: formatInstant(startMs, timezone),
    duration: formatDuration(durationMs),
    cost,
    currency,
    commitments: commitments.map(toCommitmentResponse),
    schedules: devices.map(({ sensor, values }) => ({
      sensor: sensor.id,
      unit: sensor.unit,
      resolution: formatDuration(sensor.eventResolutionMs),
      values: Array.from(values),
    })),
  };
}

/** A preview as a response of the API. */
export function toPreviewResponse({ preview, notes }: { preview: SchedulePreview; notes: string[] }) {
  const { startMs, stepMs, steps, timezone, outcome, devices } = preview;
  return {
    status: 'PROCESSED',
    message: [PROCESSED, ...notes].join(' '),
    start: formatInstant(startMs, timezone),
    duration: formatDuration(steps * stepMs),
    resolution: formatDuration(stepMs),
    ...toOutcomeResponse(outcome),
    devices: devices.map(({ sensor, powerMw, socMwh }) => ({
      sensor: sensor.id,
      unit: sensor.unit,
      // Adding 0 converts -0 to 0.
      values: Array.from(convertValues(powerMw, 'MW', sensor.unit), (value) => value + 0),
      state_of_charge: socMwh ? Array.from(convertValues(socMwh, 'MWh', 'kWh')) : null,
    })),
  };
}
