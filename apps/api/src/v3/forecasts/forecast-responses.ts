import type { RequestedForecastState } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant } from '#lib/time';
import { ApiError, rejected, unprocessable } from '../../http/errors/api-error';
import { toFailureReason } from '../jobs/job-responses';
import type { ForecastInProgress, ForecastReceipt, RequestedForecastAnswer } from './forecast-requests.dto';

const PROCESSED = 'Request has been processed.';
const ACCEPTED = 'Request has been accepted for processing.';

/** The response to a request for forecasts. */
export const toReceipt = (sensorId: number, uuid: string, notes: string[]): ForecastReceipt => ({
  status: 'ACCEPTED',
  message: [ACCEPTED, ...notes].join(' '),
  job: uuid,
  forecast: uuid,
  'job-url': `/api/v3_0/jobs/${uuid}`,
  'results-url': `/api/v3_0/sensors/${sensorId}/forecasts/${uuid}`,
});

/** A response to a request for the forecasts of a job, with its HTTP status. */
type ForecastResponse =
  { httpStatus: 200; body: RequestedForecastAnswer } | { httpStatus: 202; body: ForecastInProgress };

/**
 * The forecasts of a job, or the state of a job that has not ended.
 * @throws ApiError 422 if the job is unknown or has failed, 400 if there is no forecast
 */
export function toForecastResponse(
  sensor: Sensor,
  uuid: string,
  state: RequestedForecastState,
): ForecastResponse {
  switch (state.state) {
    case 'unknown':
      throw unprocessable('path', { uuid: [`Sensor ${sensor.id} has no forecast job with id ${uuid}.`] });
    case 'failed':
      throw new ApiError(422, {
        message: `Forecasting job failed with ${toFailureReason(state.reason)}`,
        result: 'Rejected',
        status: 'FAILED',
      });
    case 'queued':
      return {
        httpStatus: 202,
        body: { status: 'QUEUED', message: 'Forecasting job waiting to be processed.' },
      };
    case 'started':
      return { httpStatus: 202, body: { status: 'STARTED', message: 'Forecasting job in progress.' } };
    case 'finished':
      return { httpStatus: 200, body: toForecast(sensor, state) };
  }
}

/** @throws ApiError 400 if there is no forecast */
function toForecast(
  sensor: Sensor,
  { startMs, values }: Extract<RequestedForecastState, { state: 'finished' }>,
): RequestedForecastAnswer {
  if (values.length === 0)
    throw rejected(
      400,
      'UNKNOWN_FORECAST',
      'The job made no forecast, because all values were known before.',
    );
  return {
    status: 'PROCESSED',
    message: PROCESSED,
    start: formatInstant(startMs, sensor.timezone),
    duration: formatDuration(values.length * sensor.eventResolutionMs),
    values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
    unit: sensor.unit,
  };
}
