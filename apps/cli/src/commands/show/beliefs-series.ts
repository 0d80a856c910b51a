import { BeliefsService, type EventSeries } from '#lib/beliefs';
import { readWindow, aggregationOf } from '#lib/beliefs/model';
import type { Sensor } from '#lib/sensors';
import { durationToMs, formatDuration, type Duration } from '#lib/time';
import type { Services } from '../../app/services';
import { formatDurationInWords } from '../../terminal/durations';

/** The query for all sensors. */
export interface SeriesQuery {
  /** Epoch milliseconds; the end is exclusive. */
  startMs: number;
  endMs: number;
  beliefsBeforeMs?: number;
  sourceIds?: number[];
  /** Default: the finest event resolution of the sensors; instantaneous values are not resampled. */
  resolution?: Duration;
  /** Time zone of calendar days and months. */
  timezone: string;
}

/** Values of a sensor, without NaN. */
export interface SensorSeries extends EventSeries {
  sensor: Sensor;
  /** Duration of an event, approximate for days and months; 0 for instantaneous events. */
  stepMs: number;
  resolutionInWords: string;
  /** Number of instantaneous values between the steps of the requested resolution. */
  omittedCount: number;
  /** Number of steps that are unknown because only a part of their energy (or other amount) is known. */
  partialSteps: number;
}

/**
 * Reads the latest beliefs of all sensors in one resolution. They are resampled from the start of the window if a
 * resolution is requested or the event resolutions differ. Instantaneous values are resampled only if a resolution is
 * requested, because they may lie between the steps of other sensors.
 */
export async function readSeries(
  services: Services,
  sensors: Sensor[],
  query: SeriesQuery,
): Promise<SensorSeries[]> {
  const lengths = new Set(sensors.map(({ eventResolutionMs }) => eventResolutionMs).filter((ms) => ms > 0));
  const finest = lengths.size > 1 ? { seconds: Math.min(...lengths) / 1000 } : undefined;
  const beliefs = services(BeliefsService);
  const { startMs, endMs, beliefsBeforeMs, sourceIds } = query;
  return Promise.all(
    sensors.map(async (sensor) => {
      const isInstantaneous = sensor.eventResolutionMs === 0;
      const common = query.resolution ?? (isInstantaneous ? undefined : finest);
      const start =
        common && !isInstantaneous ? { eventEndsAfterMs: startMs } : { eventStartsAfterMs: startMs };
      const search = { ...start, eventStartsBeforeMs: endMs, beliefsBeforeMs, sourceIds };
      const stored = await beliefs.latestPerEvent(sensor, search);
      return common ? resampled(sensor, stored, common, query) : asStored(sensor, stored);
    }),
  );
}

function asStored(sensor: Sensor, series: EventSeries): SensorSeries {
  const stepMs = sensor.eventResolutionMs;
  return {
    ...omitNaN(series),
    sensor,
    stepMs,
    resolutionInWords: formatDurationInWords(stepMs),
    omittedCount: 0,
    partialSteps: 0,
  };
}

function resampled(
  sensor: Sensor,
  stored: EventSeries,
  resolution: Duration,
  { startMs, endMs, timezone }: SeriesQuery,
): SensorSeries {
  const read = {
    resolutionMs: sensor.eventResolutionMs,
    aggregation: aggregationOf(sensor.unit),
    zone: timezone,
  };
  const series = readWindow(stored, read, { startMs, endMs, resolution });
  const [first, second] = series.eventStarts;
  const stepMs = second === undefined ? endMs - startMs : second - first!;
  const known = omitNaN(series);
  const leftOut = sensor.eventResolutionMs === 0 ? omitNaN(stored).values.length - known.values.length : 0;
  return {
    ...known,
    sensor,
    stepMs,
    resolutionInWords: resolutionInWords(resolution),
    omittedCount: leftOut,
    partialSteps: series.partialSteps,
  };
}

function omitNaN({ eventStarts, values }: EventSeries): EventSeries {
  const isKnown = (_: number, index: number) => !Number.isNaN(values[index]);
  return { eventStarts: eventStarts.filter(isKnown), values: values.filter(isKnown) };
}

function resolutionInWords(resolution: Duration): string {
  const { years = 0, months = 0, ...rest } = resolution;
  const parts = [
    years === 0 ? '' : years === 1 ? 'a year' : `${years} years`,
    months === 0 ? '' : months === 1 ? 'a month' : `${months} months`,
    durationToMs(rest) === 0 ? '' : formatDurationInWords(durationToMs(rest)),
  ];
  return parts.filter((part) => part !== '').join(' and ') || formatDuration(0);
}
