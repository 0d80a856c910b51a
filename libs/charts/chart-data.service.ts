import { Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from '#lib/beliefs';
import { areCompatibleLengths, beliefTimesInSteps, type BeliefColumns } from '#lib/beliefs/model';
import { runInSlices } from '#lib/concurrency';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor } from '#lib/sensors';
import { beliefsJson, describeSource, type ShownBeliefs, type ShownSource } from './model';

/** Selects the beliefs of a chart. */
export type ChartWindow = Pick<
  BeliefSearch,
  'eventStartsAfterMs' | 'eventEndsBeforeMs' | 'beliefsAfterMs' | 'beliefsBeforeMs'
>;

/** Options for the data of a chart. */
export interface ChartDataOptions {
  /** Whether to return only the most recent belief per event and source. */
  mostRecentOnly: boolean;
  /** By default the event resolution of the sensor. */
  resolutionMs?: number;
}

/** JSON text in pieces, as text or in UTF-8; each call makes it anew. */
export type JsonText = () => Iterable<string | Uint8Array>;

/** Runs a read of so many beliefs when the server has room for it. */
export type ReadLimiter = <T>(beliefs: number, read: () => Promise<T>) => Promise<T>;

/** Results of fewer beliefs are read in one go. */
export const LARGE_RESULT = 50_000;
/** Maximum number of rows in one answer; browsers cannot draw more. */
export const MAX_ROWS = 1_000_000;
/** Maximum number of beliefs to search, before the most recent ones are selected. */
export const MAX_SEARCHED = 5_000_000;

/** @param field where the request says when the window starts */
export const tooMuchDataError = (reason: string, field = 'event_starts_after'): DomainError =>
  new DomainError('TOO_MUCH_DATA', `${reason}. Request a shorter window.`, field);

/** The data of charts, as JSON text. */
@Injectable()
export class ChartData {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
  ) {}

  /**
   * The beliefs about one sensor, with their belief times.
   * @param limitRead runs the read, perhaps later
   * @throws DomainError INCOMPATIBLE_RESOLUTION, TOO_MUCH_DATA; what `limitRead` throws
   */
  async readSensor(
    sensor: Sensor,
    window: ChartWindow,
    { mostRecentOnly, resolutionMs = sensor.eventResolutionMs }: ChartDataOptions,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    const count = await countSearched(this.beliefs, [sensor], window);
    const limit = count > LARGE_RESULT ? MAX_ROWS : undefined;
    return limitRead(count, async () => {
      const beliefs = await this.beliefs.searchResampled(sensor, resolutionMs, window, mostRecent, limit);
      return this.toJson([
        { sensor, beliefs, beliefTimes: await beliefTimes(sensor, beliefs, resolutionMs) },
      ]);
    });
  }

  /**
   * The beliefs about several sensors, ordered by event, in their common resolution.
   * @param limitRead runs the read, perhaps later
   * @throws DomainError TOO_MUCH_DATA; what `limitRead` throws
   */
  async readSensors(
    sensors: readonly Sensor[],
    window: ChartWindow,
    { mostRecentOnly }: Pick<ChartDataOptions, 'mostRecentOnly'>,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    const count = await countSearched(this.beliefs, sensors, window);
    const resolutionOf = commonResolution(sensors);
    const search = async (sensor: Sensor, limit?: number): Promise<ShownBeliefs> => ({
      sensor,
      beliefs: await this.beliefs.searchResampled(sensor, resolutionOf(sensor), window, mostRecent, limit),
    });
    if (count <= LARGE_RESULT) return this.toJson(await Promise.all(sensors.map((sensor) => search(sensor))));
    return limitRead(count, async () => {
      const series: ShownBeliefs[] = [];
      let left = MAX_ROWS;
      for (const sensor of sensors) {
        const found = await search(sensor, left);
        left -= found.beliefs.values.length;
        series.push(found);
      }
      return this.toJson(series);
    });
  }

  private async toJson(series: ShownBeliefs[]): Promise<JsonText> {
    const rows = series.reduce((sum, { beliefs }) => sum + beliefs.values.length, 0);
    if (rows > MAX_ROWS) throw tooMuchDataError(`There are ${rows} beliefs to show, more than ${MAX_ROWS}`);
    const ids = new Set(series.flatMap(({ beliefs }) => [...new Set(beliefs.sourceIds)]));
    const sources = await this.sourcesById([...ids]);
    return () => beliefsJson(series, sources);
  }

  private async sourcesById(ids: number[]): Promise<Map<number, ShownSource>> {
    const sources = await this.sources.listByIds(ids);
    return new Map(sources.map((source) => [source.id, describeSource(source)]));
  }
}

/**
 * How many beliefs a search looks at.
 * @param field as for `tooMuchDataError`
 * @throws DomainError TOO_MUCH_DATA if more than can be searched
 */
export async function countSearched(
  beliefs: BeliefsService,
  sensors: readonly Sensor[],
  window: BeliefSearch,
  field?: string,
): Promise<number> {
  let found = 0;
  for (const sensor of sensors) {
    if (found > MAX_SEARCHED) break;
    found += await beliefs.countUpTo(MAX_SEARCHED + 1, sensor, window);
  }
  if (found > MAX_SEARCHED) throw tooMuchDataError(`There are more than ${MAX_SEARCHED} beliefs`, field);
  return found;
}

/**
 * The resolution (ms) in which sensors are shown together: the finest of them. Instantaneous sensors, and sensors whose events
 * cannot be divided into such steps, keep their own.
 */
export function commonResolution(sensors: readonly Sensor[]): (sensor: Sensor) => number {
  const lengths = sensors.map(({ eventResolutionMs }) => eventResolutionMs).filter((ms) => ms > 0);
  const finest = Math.min(...lengths);
  return ({ eventResolutionMs: ownMs }) =>
    ownMs > 0 && areCompatibleLengths(ownMs, finest) ? finest : ownMs;
}

/** The belief times of beliefs about a sensor. @param resolutionMs in which they are given */
export function beliefTimes(
  sensor: Sensor,
  { eventStarts, beliefHorizons }: Pick<BeliefColumns, 'eventStarts' | 'beliefHorizons'>,
  resolutionMs: number,
): Promise<Float64Array> {
  // Instantaneous events stay instantaneous at any resolution.
  const lengthMs = sensor.eventResolutionMs === 0 ? 0 : resolutionMs;
  const rule = knowledgeHorizonOf(sensor);
  return runInSlices(beliefTimesInSteps(eventStarts, beliefHorizons, lengthMs, rule));
}
