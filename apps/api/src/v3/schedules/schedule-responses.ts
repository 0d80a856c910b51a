import type { FinishedSiteSchedule, ScheduleState } from '#lib/scheduling';
import { formatDuration, formatInstant } from '#lib/time';
import { rejected } from '../../http/errors/api-error';
import { toCommitmentResponse, toFailureReason } from '../jobs/job-responses';

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
