import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import type { BeliefFilter, BeliefSearch, MostRecent } from './belief-filter';
import { BeliefSaving, type SaveResult } from './belief-saving';
import { BeliefsRepository, type EventRange, type EventSeries } from './beliefs.repository';
import { beliefsAbout } from './beliefs-about';
import type { SourceFigures } from './source-figures.sql';
import { TimeSlice } from './time-slice';
import {
  exactBins,
  parseKnowledgeHorizon,
  readWindow,
  resampleEvents,
  resampleInstants,
  valueNatureOf,
  type BeliefColumns,
  type KnowledgeHorizon,
  type ReadWindow,
} from './model';

/** A window in equal steps. */
export interface Steps {
  /** Epoch milliseconds. */
  startMs: number;
  stepMs: number;
  steps: number;
}

/** Saves and searches beliefs. */
@Injectable()
export class BeliefsService {
  constructor(
    private readonly beliefs: BeliefsRepository,
    private readonly saving: BeliefSaving,
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Saves beliefs about one sensor, all or nothing. Beliefs that repeat what their source held last are left out.
   * Writers of the same sensor wait for each other, so that the same series sent twice at once is saved once.
   * @throws DomainError SENSOR_NOT_FOUND; INVALID_REPLACEMENT when a belief contradicts a stored one of the same
   *   source and belief time, unless overwriting is allowed; INVALID_VALUES when a value is infinite.
   */
  save(
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    { allowOverwrite = this.settings.allowDataOverwrite } = {},
  ): Promise<SaveResult> {
    return this.saving.save(sensor, beliefs, allowOverwrite);
  }

  /**
   * Saves beliefs about several sensors, all or nothing; results in the order given. Sensors are taken in order of
   * their ids, so that writers never wait for each other in a circle.
   * @throws as `save`
   */
  saveAll(entries: readonly { sensor: Sensor; beliefs: BeliefColumns }[]): Promise<SaveResult[]> {
    return this.transactions.run(async () => {
      const results = new Map<(typeof entries)[number], SaveResult>();
      for (const entry of [...entries].sort((one, other) => one.sensor.id - other.sensor.id)) {
        results.set(entry, await this.save(entry.sensor, entry.beliefs));
      }
      return entries.map((entry) => results.get(entry)!);
    });
  }

  /** Deletes what sources believed about events, each with the horizon given: what somebody else now says in their place. */
  deleteAt(
    sensor: Sensor,
    sourceIds: readonly number[],
    moments: Pick<BeliefColumns, 'eventStarts' | 'beliefHorizons'>,
  ): Promise<void> {
    return this.beliefs.deleteAt(sensor.id, sourceIds, moments);
  }

  /** Beliefs that pass a filter, all or the most recent; by event, then from the oldest to the newest. */
  search(sensor: Sensor, search: BeliefSearch, mostRecent?: MostRecent): Promise<BeliefColumns> {
    return this.beliefs.search({ ...search, ...timingOf(sensor) }, mostRecent);
  }

  /** How many beliefs pass a filter, counted up to a limit. */
  countUpTo(limit: number, sensor: Sensor, search: BeliefSearch): Promise<number> {
    return this.beliefs.countUpTo(limit, { ...search, ...timingOf(sensor) });
  }

  /**
   * As `search`, but about events of another length: what each source believed about the longer or shorter events. Of
   * an instantaneous sensor, the instants that are steps of that length by the sensor's clock.
   * @throws DomainError INCOMPATIBLE_RESOLUTION unless one length is a multiple of the other, TOO_MUCH_DATA
   */
  async searchAbout(
    sensor: Sensor,
    resolutionMs: number,
    search: BeliefSearch,
    mostRecent?: MostRecent,
  ): Promise<BeliefColumns> {
    const { eventResolutionMs: fromMs, timezone: zone, unit } = sensor;
    return beliefsAbout(await this.search(sensor, search, mostRecent), {
      fromMs,
      toMs: resolutionMs,
      zone,
      nature: valueNatureOf(unit),
      knowledgeHorizon: knowledgeHorizonOf(sensor),
    });
  }

  /** First and last events of sensors, by sensor id; sensors that nothing is believed about are left out. */
  eventRanges(sensorIds: readonly number[]): Promise<Map<number, EventRange>> {
    return this.beliefs.eventRanges(sensorIds);
  }

  /**
   * One deterministic belief per event, in the sensor's own resolution and unit: the most recent over all sources, of
   * equally recent ones that of the highest source id, of a probabilistic one the median. Unknown events are left out.
   */
  latestPerEvent(sensor: Sensor, search: BeliefSearch): Promise<EventSeries> {
    return this.beliefs.latestPerEvent({ ...search, ...timingOf(sensor) });
  }

  /** `latestPerEvent` of several sensors, by sensor id. */
  async latestPerEventOf(
    sensors: readonly Sensor[],
    search: BeliefSearch,
  ): Promise<Map<number, EventSeries>> {
    const series = await Promise.all(sensors.map((sensor) => this.latestPerEvent(sensor, search)));
    return new Map(sensors.map(({ id }, index) => [id, series[index]!]));
  }

  /**
   * What is known about each step of a window, for powers and prices: events that last longer are repeated, shorter
   * ones averaged, instants taken at the start of a step. In the sensor's unit; NaN where nothing is known.
   */
  async latestOnSteps(
    sensor: Sensor,
    { startMs, stepMs, steps }: Steps,
    search: BeliefSearch = {},
  ): Promise<Float64Array> {
    const bins = exactBins(startMs, startMs + steps * stepMs, stepMs);
    const { eventStarts, values } = await this.eventsIn(sensor, startMs, startMs + steps * stepMs, search);
    return sensor.eventResolutionMs === 0
      ? resampleInstants(eventStarts, values, bins.starts, 0)
      : resampleEvents(eventStarts, values, sensor.eventResolutionMs, bins, 'flow');
  }

  /**
   * The values of a window at regular steps from its start to its end, NaN where nothing is known: the deterministic
   * beliefs that pass, brought onto the resolution asked for or the sensor's own, in the sensor's unit.
   */
  async read(sensor: Sensor, window: ReadWindow, search: BeliefSearch = {}): Promise<EventSeries> {
    const slice = new TimeSlice();
    const events = await this.eventsIn(sensor, window.startMs, window.endMs, search);
    const { eventResolutionMs: resolutionMs, timezone: zone } = sensor;
    await slice.restIfOver();
    return readWindow(events, { resolutionMs, nature: valueNatureOf(sensor.unit), zone }, window);
  }

  /**
   * Key figures of what each source believes about a sensor's events, in its unit; by source id. Of each event the most
   * recent belief counts, and of a probabilistic one its median.
   */
  figuresBySource(sensor: Sensor, search: BeliefSearch = {}): Promise<SourceFigures[]> {
    return this.beliefs.figuresBySource({ ...search, ...timingOf(sensor) });
  }

  private eventsIn(
    sensor: Sensor,
    startMs: number,
    endMs: number,
    search: BeliefSearch,
  ): Promise<EventSeries> {
    return this.latestPerEvent(sensor, { ...search, eventEndsAfterMs: startMs, eventStartsBeforeMs: endMs });
  }
}

/** What searching needs to know of a sensor. */
function timingOf(sensor: Sensor): Pick<BeliefFilter, 'sensorId' | 'eventResolutionMs' | 'knowledgeHorizon'> {
  return {
    sensorId: sensor.id,
    eventResolutionMs: sensor.eventResolutionMs,
    knowledgeHorizon: knowledgeHorizonOf(sensor),
  };
}

/**
 * When the sensor's events become known.
 * @throws KnowledgeHorizonInvalid when the sensor's rule cannot be used
 */
export function knowledgeHorizonOf(sensor: Sensor): KnowledgeHorizon {
  return parseKnowledgeHorizon(sensor.knowledgeHorizonFnc, sensor.knowledgeHorizonPar);
}
