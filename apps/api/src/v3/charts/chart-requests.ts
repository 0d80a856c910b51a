import type { ChartRequest, ChartWindow, SeriesOptions, TimeRange } from '#lib/charts';
import { addDuration, durationToMs, parseDuration, parseInstant, TimeError } from '#lib/time';
import { unprocessable } from '../../http/errors/api-error';
import type {
  AssetAnnotationsQuery,
  ChartQuery,
  ChartWindowQuery,
  SensorChartDataQuery,
  TimeRange as TimeRangeShown,
} from './charts.dto';

const parseOptionalInstant = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : parseInstant(given);

/**
 * The window of events and beliefs of a query. `duration` and one bound determine the other one.
 * @throws ApiError 422 for a duration without a bound or with both
 */
export function toWindow(query: ChartWindowQuery): ChartWindow {
  const { event_starts_after: start, event_ends_before: end, duration } = query;
  const window: ChartWindow = {
    eventStartsAfterMs: parseOptionalInstant(start),
    eventEndsBeforeMs: parseOptionalInstant(end),
    beliefsAfterMs: parseOptionalInstant(query.beliefs_after),
    beliefsBeforeMs: parseOptionalInstant(query.beliefs_before),
  };
  if (duration === undefined) return window;
  if ((start === undefined) === (end === undefined))
    throw unprocessable('query', { duration: ['Needs either start or end.'] });
  const length = parseDuration(duration);
  if (start !== undefined) window.eventEndsBeforeMs = addDuration(parseInstant(start), length, 'UTC');
  else window.eventStartsAfterMs = addDuration(parseInstant(end!), length, 'UTC', -1);
  return window;
}

/** As `toWindow`, for annotations. @throws ApiError 422 also for an end before the start */
export function toAnnotationsWindow(query: AssetAnnotationsQuery): ChartWindow {
  const window = toWindow(query);
  const { eventStartsAfterMs: startMs = -Infinity, eventEndsBeforeMs: endMs = Infinity } = window;
  if (endMs < startMs) throw unprocessable('query', { end: ['Must not be before start.'] });
  return window;
}

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

/**
 * The options of a query for columns; undefined for rows.
 * @throws ApiError 422 for options that contradict each other
 */
export function toSeriesOptions(query: SensorChartDataQuery): SeriesOptions | undefined {
  const { format = 'rows', buckets, most_recent_beliefs_only: mostRecentOnly = true, resolution } = query;
  const { belief_times: withBeliefTimes = false } = query;
  if (format === 'rows') {
    if (withBeliefTimes) throw unprocessable('query', { belief_times: ['Needs format=columns.'] });
    if (buckets !== undefined) throw unprocessable('query', { buckets: ['Needs format=columns.'] });
    return undefined;
  }
  if (resolution !== undefined)
    throw unprocessable('query', { resolution: ['Columns have the resolution of the sensor, or buckets.'] });
  if (buckets !== undefined && !mostRecentOnly)
    throw unprocessable('query', { buckets: ['Needs most_recent_beliefs_only=true.'] });
  return { mostRecentOnly, buckets, withBeliefTimes };
}

export const toTimeRange = ({ startMs, endMs }: TimeRange): TimeRangeShown => ({
  start: new Date(startMs).toUTCString(),
  end: new Date(endMs).toUTCString(),
});
