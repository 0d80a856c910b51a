import { BeliefsService, type EventSeries } from '#lib/beliefs';
import { readWindow, valueNatureOf } from '#lib/beliefs/model';
import type { Sensor } from '#lib/sensors';
import { durationToMs, formatDuration, type Duration } from '#lib/time';
import type { Services } from '../../app/services';
import { inWords } from '../../terminal/durations';

/** What is asked of every sensor. */
export interface SeriesQuery {
  /** Epoch milliseconds; the end is exclusive. */
  startMs: number;
  endMs: number;
  beliefsBeforeMs?: number;
  sourceIds?: number[];
  /** Undefined: the finest of the sensors' own; instants as they are. */
  resolution?: Duration;
  /** Zone of days and months. */
  timezone: string;
}

/** What is known about a sensor; unknown events are left out. */
export interface ShownSeries extends EventSeries {
  sensor: Sensor;
  /** How long an event lasts, roughly where it is a day or month; 0 for instants. */
  stepMs: number;
  resolutionInWords: string;
  /** How many instants are known that lie between the steps of the resolution asked for. */
  leftOut: number;
}

/**
 * The values that count, of all sensors in one resolution: resampled from the window's start on where a resolution is
 * asked for or the events of the sensors differ in length, and as they are stored otherwise. Instants are brought onto
 * steps only where a resolution is asked for, since they need not lie on those of other sensors.
 */
export async function readSeries(
  services: Services,
  sensors: Sensor[],
  query: SeriesQuery,
): Promise<ShownSeries[]> {
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

function asStored(sensor: Sensor, series: EventSeries): ShownSeries {
  const stepMs = sensor.eventResolutionMs;
  return { ...knownPart(series), sensor, stepMs, resolutionInWords: inWords(stepMs), leftOut: 0 };
}

function resampled(
  sensor: Sensor,
  stored: EventSeries,
  resolution: Duration,
  { startMs, endMs, timezone }: SeriesQuery,
): ShownSeries {
  const read = { resolutionMs: sensor.eventResolutionMs, nature: valueNatureOf(sensor.unit), zone: timezone };
  const series = readWindow(stored, read, { startMs, endMs, resolution });
  const [first, second] = series.eventStarts;
  const stepMs = second === undefined ? endMs - startMs : second - first!;
  const known = knownPart(series);
  const leftOut = sensor.eventResolutionMs === 0 ? knownPart(stored).values.length - known.values.length : 0;
  return { ...known, sensor, stepMs, resolutionInWords: resolutionInWords(resolution), leftOut };
}

function knownPart({ eventStarts, values }: EventSeries): EventSeries {
  const isKnown = (_: number, index: number) => !Number.isNaN(values[index]);
  return { eventStarts: eventStarts.filter(isKnown), values: values.filter(isKnown) };
}

function resolutionInWords(resolution: Duration): string {
  const { years = 0, months = 0, ...rest } = resolution;
  const parts = [
    years === 0 ? '' : years === 1 ? 'a year' : `${years} years`,
    months === 0 ? '' : months === 1 ? 'a month' : `${months} months`,
    durationToMs(rest) === 0 ? '' : inWords(durationToMs(rest)),
  ];
  return parts.filter((part) => part !== '').join(' and ') || formatDuration(0);
}
