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

/**
 * The options of a query for columns; undefined for rows.
 * @throws ApiError 422 for options that contradict each other
 */
export function toSeriesOptions(query: SensorChartDataQuery): SeriesOptions | undefined {
  const { format = 'rows', buckets, most_recent_beliefs_only: mostRecentOnly = true, resolution } = query;
  if (format === 'rows') {
    if (buckets !== undefined) throw unprocessable('query', { buckets: ['Needs format=columns.'] });
    return undefined;
  }
  if (resolution !== undefined)
    throw unprocessable('query', { resolution: ['Columns have the resolution of the sensor, or buckets.'] });
  if (buckets !== undefined && !mostRecentOnly)
    throw unprocessable('query', { buckets: ['Needs most_recent_beliefs_only=true.'] });
  return { mostRecentOnly, buckets };
}

export const toTimeRange = ({ startMs, endMs }: TimeRange): TimeRangeShown => ({
  start: new Date(startMs).toUTCString(),
  end: new Date(endMs).toUTCString(),
});

/**
 * The window of a query for annotations; with one of start and end, the duration gives the other one.
 * @throws ApiError 422 for start, end and duration together, and for a duration alone
 */
export function toAnnotationWindow(query: AssetAnnotationsQuery): ChartWindow {
  const window = toWindow(query);
  const startMs = parseOptionalInstant(query.start) ?? window.eventStartsAfterMs;
  const endMs = parseOptionalInstant(query.end) ?? window.eventEndsBeforeMs;
  const beliefsBeforeMs = parseOptionalInstant(query.prior) ?? window.beliefsBeforeMs;
  if (query.duration === undefined)
    return { ...window, eventStartsAfterMs: startMs, eventEndsBeforeMs: endMs, beliefsBeforeMs };
  if ((startMs === undefined) === (endMs === undefined))
    throw unprocessable('query', { duration: ['Needs one of start and end.'] });
  const length = parseDuration(query.duration);
  const before = { ...length, negative: !length.negative };
  return {
    ...window,
    beliefsBeforeMs,
    eventStartsAfterMs: startMs ?? addDuration(endMs!, before, 'UTC'),
    eventEndsBeforeMs: endMs ?? addDuration(startMs!, length, 'UTC'),
  };
}

/** The parts of annotations within a window. */
export const clipped = <T extends { start: number; end: number }>(
  annotations: T[],
  { eventStartsAfterMs = -Infinity, eventEndsBeforeMs = Infinity }: ChartWindow,
): T[] =>
  annotations.map((one) => ({
    ...one,
    start: Math.max(one.start, eventStartsAfterMs),
    end: Math.min(one.end, eventEndsBeforeMs),
  }));
