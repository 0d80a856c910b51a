import { formatInTimeZone } from 'date-fns-tz';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { SensorsService } from '#lib/sensors';
import { assertTimeZone } from '#lib/time';
import { endOption, instantOption } from '../parse-times';
import { withServices } from '../services';
import { inWords } from '../terminal/durations';
import { plotSeries } from '../terminal/plot';

export interface ShowBeliefsOptions {
  sensorId: number;
  start: string;
  duration: string;
  beliefTimeBefore?: string;
  timezone?: string;
}

export function showBeliefs(options: ShowBeliefsOptions): Promise<void> {
  const startMs = instantOption('--start', options.start);
  const beliefsBeforeMs =
    options.beliefTimeBefore === undefined
      ? undefined
      : instantOption('--belief-time-before', options.beliefTimeBefore);
  if (options.timezone !== undefined) assertTimeZone(options.timezone);
  return withServices(async (services) => {
    const sensor = await services(SensorsService).get(options.sensorId);
    const timezone = options.timezone ?? sensor.timezone;
    const endMs = endOption('--duration', options.duration, startMs, timezone);
    const window = { eventStartsAfterMs: startMs, eventStartsBeforeMs: endMs, beliefsBeforeMs };
    const series = await services(BeliefsService).latestPerEvent(sensor, window);
    if (series.values.length === 0) {
      throw new DomainError(
        'NO_BELIEFS',
        `No beliefs found for sensor ${sensor.id} (${sensor.name}) in that period.`,
      );
    }
    console.log(`Beliefs for Sensor '${sensor.name}' (Id ${sensor.id}).`);
    const start = formatInTimeZone(startMs, timezone, 'yyyy-MM-dd HH:mm:ssxxx');
    console.log(`Data spans ${inWords(endMs - startMs)} and starts at ${start}.`);
    if (sensor.eventResolutionMs > 0) {
      console.log(`The time resolution (x-axis) is ${inWords(sensor.eventResolutionMs)}.`);
    }
    console.log(plotSeries(onGrid(series, sensor.eventResolutionMs), sensor.unit, timezone));
  });
}

/** Puts NaN where events are missing between the first and the last known one. */
function onGrid(series: { eventStarts: Float64Array; values: Float64Array }, stepMs: number) {
  const first = series.eventStarts[0]!;
  const last = series.eventStarts[series.eventStarts.length - 1]!;
  if (stepMs === 0) return series;
  const count = Math.round((last - first) / stepMs) + 1;
  const values = new Float64Array(count).fill(NaN);
  series.eventStarts.forEach((start, index) => {
    values[Math.round((start - first) / stepMs)] = series.values[index]!;
  });
  return { eventStarts: Float64Array.from(values, (_, index) => first + index * stepMs), values };
}
