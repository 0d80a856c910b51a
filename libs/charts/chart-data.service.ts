import { Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from '#lib/beliefs';
import { knowledgeTimesAt, type BeliefColumns } from '#lib/beliefs/model';
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

/** Maximum number of rows in one answer; browsers cannot draw more. */
const MAX_ROWS = 1_000_000;
/** Maximum number of beliefs to search, before the most recent ones are selected. */
const MAX_SEARCHED = 5_000_000;

const tooMuchDataError = (reason: string): DomainError =>
  new DomainError('TOO_MUCH_DATA', `${reason}. Request a shorter window.`, 'event_starts_after');

/** The data of charts, as JSON text. */
@Injectable()
export class ChartData {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
  ) {}

  /**
   * The beliefs about one sensor, with their belief times.
   * @throws DomainError INCOMPATIBLE_RESOLUTION, TOO_MUCH_DATA
   */
  async readSensor(
    sensor: Sensor,
    window: ChartWindow,
    { mostRecentOnly, resolutionMs = sensor.eventResolutionMs }: ChartDataOptions,
  ): Promise<string> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    await this.checkAmount([sensor], window);
    const beliefs = await this.beliefs.searchResampled(sensor, resolutionMs, window, mostRecent);
    return this.toJson([{ sensor, beliefs, beliefTimes: beliefTimes(sensor, beliefs, resolutionMs) }]);
  }

  /**
   * The beliefs about several sensors, ordered by event.
   * @throws DomainError TOO_MUCH_DATA
   */
  async readSensors(
    sensors: readonly Sensor[],
    window: ChartWindow,
    { mostRecentOnly }: Pick<ChartDataOptions, 'mostRecentOnly'>,
  ): Promise<string> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    await this.checkAmount(sensors, window);
    const search = async (sensor: Sensor) => ({
      sensor,
      beliefs: await this.beliefs.search(sensor, window, mostRecent),
    });
    return this.toJson(await Promise.all(sensors.map(search)));
  }

  /** Counts the beliefs before searching, as too many would not fit into memory. */
  private async checkAmount(sensors: readonly Sensor[], window: ChartWindow): Promise<void> {
    let found = 0;
    for (const sensor of sensors) {
      if (found > MAX_SEARCHED) break;
      found += await this.beliefs.countUpTo(MAX_SEARCHED + 1, sensor, window);
    }
    if (found > MAX_SEARCHED) throw tooMuchDataError(`There are more than ${MAX_SEARCHED} beliefs`);
  }

  private async toJson(series: ShownBeliefs[]): Promise<string> {
    const rows = series.reduce((sum, { beliefs }) => sum + beliefs.values.length, 0);
    if (rows > MAX_ROWS) throw tooMuchDataError(`There are ${rows} beliefs to show, more than ${MAX_ROWS}`);
    const ids = new Set(series.flatMap(({ beliefs }) => [...new Set(beliefs.sourceIds)]));
    return beliefsJson(series, await this.sourcesById([...ids]));
  }

  private async sourcesById(ids: number[]): Promise<Map<number, ShownSource>> {
    const sources = await this.sources.listByIds(ids);
    return new Map(sources.map((source) => [source.id, describeSource(source)]));
  }
}

function beliefTimes(sensor: Sensor, beliefs: BeliefColumns, resolutionMs: number): Float64Array {
  // Instantaneous events stay instantaneous at any resolution.
  const lengthMs = sensor.eventResolutionMs === 0 ? 0 : resolutionMs;
  const times = knowledgeTimesAt(beliefs.eventStarts, lengthMs, knowledgeHorizonOf(sensor));
  return times.map((knowledgeTime, row) => knowledgeTime - beliefs.beliefHorizons[row]!);
}
