import { Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from '#lib/beliefs';
import { knowledgeTimesAt, type BeliefColumns } from '#lib/beliefs/model';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor } from '#lib/sensors';
import { beliefsJson, shownSource, type ShownBeliefs, type ShownSource } from './model';

/** Which beliefs a chart shows. */
export type ChartWindow = Pick<
  BeliefSearch,
  'eventStartsAfterMs' | 'eventEndsBeforeMs' | 'beliefsAfterMs' | 'beliefsBeforeMs'
>;

/** Which beliefs about a window, and in which steps. */
export interface ChartDataOptions {
  /** Of each source, the most recent belief about each event, or all of them. */
  mostRecentOnly: boolean;
  /** By default the sensor's own. */
  resolutionMs?: number;
}

/** More than a browser can draw, and than fits into one answer. */
const MAX_ROWS = 1_000_000;
/** Of which the most recent ones are chosen. */
const MAX_SEARCHED = 5_000_000;

const tooMuch = (reason: string): DomainError =>
  new DomainError('TOO_MUCH_DATA', `${reason}: ask for a shorter window.`, 'event_starts_after');

/** The beliefs that charts show, as JSON text. */
@Injectable()
export class ChartData {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
  ) {}

  /**
   * Beliefs about one sensor, with when they were recorded.
   * @throws DomainError INCOMPATIBLE_RESOLUTION, TOO_MUCH_DATA
   */
  async ofSensor(
    sensor: Sensor,
    window: ChartWindow,
    { mostRecentOnly, resolutionMs = sensor.eventResolutionMs }: ChartDataOptions,
  ): Promise<string> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    await this.refuseTooMuch([sensor], window);
    const beliefs = await this.beliefs.searchResampled(sensor, resolutionMs, window, mostRecent);
    return this.json([{ sensor, beliefs, beliefTimes: beliefTimes(sensor, beliefs, resolutionMs) }]);
  }

  /**
   * Beliefs about several sensors, by event.
   * @throws DomainError TOO_MUCH_DATA
   */
  async ofSensors(
    sensors: readonly Sensor[],
    window: ChartWindow,
    { mostRecentOnly }: Pick<ChartDataOptions, 'mostRecentOnly'>,
  ): Promise<string> {
    const mostRecent = mostRecentOnly ? 'per-event-and-source' : undefined;
    await this.refuseTooMuch(sensors, window);
    const search = async (sensor: Sensor) => ({
      sensor,
      beliefs: await this.beliefs.search(sensor, window, mostRecent),
    });
    return this.json(await Promise.all(sensors.map(search)));
  }

  /** Looks before it searches, where a search could find more than fits into memory. */
  private async refuseTooMuch(sensors: readonly Sensor[], window: ChartWindow): Promise<void> {
    let found = 0;
    for (const sensor of sensors) {
      if (found > MAX_SEARCHED) break;
      found += await this.beliefs.countUpTo(MAX_SEARCHED + 1, sensor, window);
    }
    if (found > MAX_SEARCHED) throw tooMuch(`There are more than ${MAX_SEARCHED} beliefs`);
  }

  private async json(series: ShownBeliefs[]): Promise<string> {
    const rows = series.reduce((sum, { beliefs }) => sum + beliefs.values.length, 0);
    if (rows > MAX_ROWS) throw tooMuch(`There are ${rows} beliefs to show, more than ${MAX_ROWS}`);
    const ids = new Set(series.flatMap(({ beliefs }) => [...new Set(beliefs.sourceIds)]));
    return beliefsJson(series, await this.sourcesById([...ids]));
  }

  private async sourcesById(ids: number[]): Promise<Map<number, ShownSource>> {
    const sources = await this.sources.listByIds(ids);
    return new Map(sources.map((source) => [source.id, shownSource(source)]));
  }
}

function beliefTimes(sensor: Sensor, beliefs: BeliefColumns, resolutionMs: number): Float64Array {
  // Instants stay instants, whatever their distance.
  const lengthMs = sensor.eventResolutionMs === 0 ? 0 : resolutionMs;
  const times = knowledgeTimesAt(beliefs.eventStarts, lengthMs, knowledgeHorizonOf(sensor));
  return times.map((knowledgeTime, row) => knowledgeTime - beliefs.beliefHorizons[row]!);
}
