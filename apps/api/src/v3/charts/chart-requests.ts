import type { ChartRequest, ChartWindow, TimeRange } from '#lib/charts';
import { durationToMs, parseDuration, parseInstant, TimeError } from '#lib/time';
import { unprocessable } from '../../http/errors/api-error';
import type { ChartQuery, ChartWindowQuery, TimeRange as TimeRangeShown } from './charts.dto';

const parseOptionalInstant = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : parseInstant(given);

/** The window of events and beliefs of a query. */
export const toWindow = (query: ChartWindowQuery): ChartWindow => ({
  eventStartsAfterMs: parseOptionalInstant(query.event_starts_after),
  eventEndsBeforeMs: parseOptionalInstant(query.event_ends_before),
  beliefsAfterMs: parseOptionalInstant(query.beliefs_after),
  beliefsBeforeMs: parseOptionalInstant(query.beliefs_before),
});

/** The chart options of a query. */
export function toChartRequest(query: ChartQuery): ChartRequest {
  const { include_data: includeData = false, width, height = 300, theme = 'default' } = query;
  return { window: toWindow(query), includeData, width, height, theme };
}

/** The resolution of a query in milliseconds; a day has 24 hours. @throws ApiError 422 for months or years */
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
