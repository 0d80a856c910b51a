import { Inject, Injectable } from '@nestjs/common';
import { BeliefsService, type Buckets } from '#lib/beliefs';
import { SourcesService, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import {
  beliefTimes,
  countSearched,
  LARGE_RESULT,
  MAX_ROWS,
  MAX_SEARCHED,
  tooMuchDataError,
  type ChartWindow,
  type JsonText,
  type ReadLimiter,
} from './chart-data.service';
import { bucketLength, describeSource, seriesJson, splitBeliefs, splitBuckets, type Series } from './model';
import { ShownSensors } from './shown-sensors.service';

/** Options for series. */
export interface SeriesOptions {
  /** Whether to return only the most recent belief per event and source. */
  mostRecentOnly: boolean;
  /** Maximum number of buckets per series. A window with more events than that is returned in buckets. */
  buckets?: number;
  /** Whether values of events come with their belief times. */
  withBeliefTimes?: boolean;
}

/** A sensor, and its buckets unless its events are read. */
interface SensorRead {
  sensor: Sensor;
  buckets: Buckets | undefined;
}

/** The data of charts as columns: one series per sensor, source and cumulative probability. */
@Injectable()
export class ChartSeries {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    private readonly shown: ShownSensors,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The series of sensors, each in the resolution of its sensor or in buckets.
   * @param limitRead runs the read, perhaps later
   * @throws DomainError TOO_MUCH_DATA; what `limitRead` throws
   */
  async read(
    sensors: readonly Sensor[],
    window: ChartWindow,
    options: SeriesOptions,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    const reads: SensorRead[] = [];
    for (const sensor of sensors)
      reads.push({ sensor, buckets: await this.findBuckets(sensor, window, options.buckets) });
    const inEvents = reads.filter(({ buckets }) => !buckets).map(({ sensor }) => sensor);
    const count = await countSearched(this.beliefs, inEvents, window);
    const inBuckets = await this.countInBuckets(reads, window);
    return limitRead(count + inBuckets, async () => {
      const series = await this.readAll(reads, window, options, count);
      const rows = series.reduce((sum, { values }) => sum + values.length, 0);
      if (rows > MAX_ROWS) throw tooMuchDataError(`There are ${rows} values to show, more than ${MAX_ROWS}`);
      const sources = await this.sources.listByIds([...new Set(series.map(({ sourceId }) => sourceId))]);
      const described = sources.map(describeSource);
      return () => seriesJson(sensors.map(toSeriesSensor), described, series);
    });
  }

  /** The buckets of a sensor; undefined if it has no more events than these. */
  private async findBuckets(
    sensor: Sensor,
    window: ChartWindow,
    maxBuckets: number | undefined,
  ): Promise<Buckets | undefined> {
    if (maxBuckets === undefined) return undefined;
    const { startMs, endMs } = await this.findExtent(sensor, window);
    const lengthMs = bucketLength(endMs - startMs, maxBuckets, sensor.eventResolutionMs);
    // Instants are any time apart, and other sensors may have gaps: few events need no buckets.
    if (lengthMs === undefined || !(await this.hasMoreEvents(maxBuckets, sensor, window))) return undefined;
    // An instant may be at the end of the window.
    return { originMs: startMs, lengthMs, count: Math.floor((endMs - startMs) / lengthMs) + 1 };
  }

  /** Tells large reads apart: beliefs in buckets are not read into memory, so that their exact number does not matter. */
  private async countInBuckets(reads: readonly SensorRead[], window: ChartWindow): Promise<number> {
    let found = 0;
    for (const { sensor, buckets } of reads) {
      if (buckets && found <= LARGE_RESULT)
        found += await this.beliefs.countUpTo(LARGE_RESULT + 1, sensor, window);
    }
    return found;
  }

  /** @param count of the beliefs that are read in events */
  private async readAll(
    reads: readonly SensorRead[],
    window: ChartWindow,
    options: SeriesOptions,
    count: number,
  ): Promise<Series[]> {
    const limit = count > LARGE_RESULT ? MAX_ROWS : undefined;
    const series: Series[] = [];
    let searched = count;
    for (const { sensor, buckets } of reads) {
      if (buckets) {
        const left = MAX_SEARCHED - searched;
        const read = await this.beliefs.bucketsBySource(sensor, window, buckets, left);
        searched += read.searched;
        series.push(...splitBuckets(sensor.id, buckets.lengthMs, read.found));
      } else series.push(...(await this.readEvents(sensor, window, options, limit)));
    }
    return series;
  }

  private async readEvents(
    sensor: Sensor,
    window: ChartWindow,
    { mostRecentOnly, withBeliefTimes = false }: SeriesOptions,
    limit: number | undefined,
  ): Promise<Series[]> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    const beliefs =
      mostRecentOnly && limit === undefined
        ? await this.beliefs.searchFew(sensor, window)
        : await this.beliefs.search(sensor, window, mostRecent, limit);
    const series = splitBeliefs(sensor.id, beliefs);
    return withBeliefTimes ? Promise.all(series.map((one) => addBeliefTimes(sensor, one))) : series;
  }

  private async hasMoreEvents(count: number, sensor: Sensor, window: ChartWindow): Promise<boolean> {
    return (await this.beliefs.countEventsUpTo(count + 1, sensor, window)) > count;
  }

  /** The window, as far as it is given; otherwise from the first to the last event. */
  private async findExtent(
    sensor: Sensor,
    { eventStartsAfterMs, eventEndsBeforeMs }: ChartWindow,
  ): Promise<{ startMs: number; endMs: number }> {
    if (eventStartsAfterMs !== undefined && eventEndsBeforeMs !== undefined)
      return { startMs: eventStartsAfterMs, endMs: eventEndsBeforeMs };
    const { startMs, endMs } = await this.shown.timeRange([sensor], this.clock.now());
    return { startMs: eventStartsAfterMs ?? startMs, endMs: eventEndsBeforeMs ?? endMs };
  }
}

async function addBeliefTimes(sensor: Sensor, series: Series): Promise<Series> {
  const { eventStarts, beliefHorizons = new Float64Array(0) } = series;
  return {
    ...series,
    beliefTimes: await beliefTimes(sensor, { eventStarts, beliefHorizons }, sensor.eventResolutionMs),
  };
}

const toSeriesSensor = ({ id, name, unit, timezone, eventResolutionMs }: Sensor) => ({
  ...{ id, name, unit, timezone },
  event_resolution: eventResolutionMs,
});
