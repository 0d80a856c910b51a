import type { ChartRequest, ChartWindow, TimeRange } from '#lib/charts';
import { durationToMs, parseDuration, parseInstant, TimeError } from '#lib/time';
import { unprocessable } from '../../http/errors/api-error';
import type { ChartQuery, ChartWindowQuery, TimeRange as TimeRangeShown } from './charts.dto';

const moment = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : parseInstant(given);

/** The beliefs that a query asks for. */
export const toWindow = (query: ChartWindowQuery): ChartWindow => ({
  eventStartsAfterMs: moment(query.event_starts_after),
  eventEndsBeforeMs: moment(query.event_ends_before),
  beliefsAfterMs: moment(query.beliefs_after),
  beliefsBeforeMs: moment(query.beliefs_before),
});

/** The chart that a query asks for. */
export function toChartRequest(query: ChartQuery): ChartRequest {
  const { include_data: includeData = false, width, height = 300, theme = 'default' } = query;
  return { window: toWindow(query), includeData, width, height, theme };
}

/** Length of the steps that a query asks for, milliseconds; days are of 24 hours, by the sensor's clock. */
export function toResolutionMs(resolution: string | undefined): number | undefined {
  if (resolution === undefined) return undefined;
  try {
    return durationToMs(parseDuration(resolution));
  } catch (error) {
    if (error instanceof TimeError) throw unprocessable('query', { resolution: [error.message] });
    throw error;
  }
}

export const toTimeRange = ({ startMs, endMs }: TimeRange): TimeRangeShown => ({
  start: new Date(startMs).toUTCString(),
  end: new Date(endMs).toUTCString(),
});
