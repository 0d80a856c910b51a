import { Inject, Injectable } from '@nestjs/common';
import { runInSlices, TimeSlice } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { addDuration, DAY_MS, exactBins, HOUR_MS } from '#lib/time';
import {
  areCompatibleLengths,
  mostRecentOfNewestFirst,
  parseKnowledgeHorizon,
  pickInstantsOnSteps,
  readWindowInSteps,
  resampleBeliefsInSteps,
  resampleValues,
  searchToResample,
  TooManyPartsError,
  aggregationOf,
  withinBounds,
  type BeliefColumns,
  type BeliefResampling,
  type KnowledgeHorizon,
  type PartialRule,
  type ReadWindow,
  type StepValues,
  type Aggregation,
} from '../model';
import type { BeliefFilter, BeliefSearch, MostRecent } from './sql/belief-filter';
import { BeliefSaving, type SaveResult } from './belief-saving';
import { joinBuckets, type BucketColumns, type Buckets } from './sql/buckets.sql';
import { BeliefsRepository, type LastEvent, type EventRange, type EventSeries } from './beliefs.repository';
import type { SourceFigures } from './sql/source-figures.sql';

/** More beliefs than a chart can show or memory can hold. */
const MAX_RESAMPLED = 1_000_000;

/** Beliefs about parts of longer events that are joined, each as often as it is used. */
const MAX_PARTS = 5_000_000;

/** Events from which the values of one window are made. */
const MAX_EVENTS_READ = 3_000_000;

/** Results of more beliefs are read from the database in blocks. */
const LARGE_RESULT = 50_000;

/** Buckets of one statement: one that searches too many beliefs is followed by none. */
const BUCKETS_AT_ONCE = 400;

const tooManyBeliefs = (maxBeliefs: number): DomainError =>
  new DomainError(
    'TOO_MUCH_DATA',
    `There are more than ${maxBeliefs} beliefs: ask for a shorter window.`,
    'event_starts_after',
  );

/** A window in equal steps. */
export interface Steps {
  /** Epoch milliseconds. */
  startMs: number;
  stepMs: number;
  steps: number;
}

/** How values are read. */
export interface ReadForm {
  /** Whether the converted values are amounts. */
  aggregation?: Aggregation;
  /** What an amount is of which only a part is known; unknown by default. */
  partial?: PartialRule;
  /** Converts the values of the sensor's events, before they are resampled. */
  convert?: (events: EventSeries) => Float64Array;
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
   * Saves beliefs about one sensor, all or nothing. Beliefs that repeat their source's previous belief are left out.
   * Writers to the same sensor wait for each other, so a series that is sent twice at the same time is saved once.
   * @throws DomainError SENSOR_NOT_FOUND; SENSOR_CHANGED; INVALID_REPLACEMENT if a belief has another value than a stored
   *   one of the same source and belief time, unless overwriting is allowed; INVALID_VALUES if a value is infinite
   */
  save(
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    { allowOverwrite = this.settings.allowDataOverwrite } = {},
  ): Promise<SaveResult> {
    return this.saving.save(sensor, beliefs, allowOverwrite);
  }

  /**
   * Saves beliefs about several sensors, all or nothing; results are in the order of the entries. Sensors are locked in
   * order of their ids, so that writers cannot deadlock.
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

  /** Deletes beliefs of sources about events, each with the horizon given for the event. */
  deleteAt(
    sensor: Sensor,
    sourceIds: readonly number[],
    moments: Pick<BeliefColumns, 'eventStarts' | 'beliefHorizons'>,
  ): Promise<void> {
    return this.beliefs.deleteAt(sensor.id, sourceIds, moments);
  }

  /**
   * Beliefs that pass a filter, all or the most recent; by event, then from oldest to newest.
   * @param maxBeliefs to be given if there may be many beliefs, which are then read in time slices
   * @throws DomainError TOO_MUCH_DATA if there are more than `maxBeliefs`
   */
  async search(
    sensor: Sensor,
    search: BeliefSearch,
    mostRecent?: MostRecent,
    maxBeliefs?: number,
  ): Promise<BeliefColumns> {
    const filter = { ...search, ...timingOf(sensor) };
    if (maxBeliefs === undefined) return this.beliefs.search(filter, mostRecent);
    const found = await this.beliefs.search(filter, mostRecent, maxBeliefs + 1);
    if (found.values.length <= maxBeliefs) return found;
    throw tooManyBeliefs(maxBeliefs);
  }

  /**
   * As `search` for the most recent belief per event and source, where only few beliefs pass the filter: all are read, because
   * choosing takes the database longer than reading.
   */
  async searchFew(sensor: Sensor, search: BeliefSearch): Promise<BeliefColumns> {
    const found = await this.beliefs.searchNewestFirst({ ...search, ...timingOf(sensor) });
    return mostRecentOfNewestFirst(found);
  }

  /**
   * All that sources stated about some events: the stored beliefs and their unchanged repeats, of which the latest are kept;
   * by event, then from oldest to newest.
   */
  statements(
    sensor: Sensor,
    events: Pick<BeliefSearch, 'eventStartsAfterMs' | 'eventStartsBeforeMs'>,
  ): Promise<BeliefColumns> {
    return this.beliefs.statements({ ...events, ...timingOf(sensor) });
  }

  /** The number of beliefs that pass a filter, counted up to a limit. */
  countUpTo(limit: number, sensor: Sensor, search: BeliefSearch): Promise<number> {
    return this.beliefs.countUpTo(limit, { ...search, ...timingOf(sensor) });
  }

  /** The number of events with beliefs that pass a filter, counted up to a limit; the limit, too, for very many beliefs. */
  countEventsUpTo(limit: number, sensor: Sensor, search: BeliefSearch): Promise<number> {
    return this.beliefs.countEventsUpTo(limit, { ...search, ...timingOf(sensor) });
  }

  /**
   * As `search`, with the beliefs resampled to events of another length, each source by itself. The bounds of the search are
   * those of the resampled events. Of an instantaneous sensor, the beliefs about instants that are steps of that length on the
   * sensor's clock.
   * @throws DomainError INCOMPATIBLE_RESOLUTION unless one length is a multiple of the other, TOO_MUCH_DATA
   */
  async searchResampled(
    sensor: Sensor,
    resolutionMs: number,
    search: BeliefSearch,
    mostRecent?: MostRecent,
    maxBeliefs?: number,
  ): Promise<BeliefColumns> {
    const { eventResolutionMs: fromMs, timezone } = sensor;
    if (fromMs === 0 && resolutionMs > 0) {
      const instants = await this.search(sensor, search, mostRecent, maxBeliefs);
      return runInSlices(pickInstantsOnSteps(instants, resolutionMs, timezone));
    }
    const isResampled = fromMs !== resolutionMs && areCompatibleLengths(fromMs, resolutionMs);
    const change = { fromMs, toMs: resolutionMs, zone: timezone };
    const parts = isResampled ? searchToResample(search, change) : search;
    const found = await this.search(sensor, parts, mostRecent, maxBeliefs);
    if (isResampled && (found.values.length * fromMs) / resolutionMs > MAX_RESAMPLED) {
      throw new DomainError('TOO_MUCH_DATA', 'Ask for longer steps, or for a shorter window.', 'resolution');
    }
    const resampling = resampleBeliefsInSteps(found, resamplingOf(sensor, resolutionMs), {
      maxParts: MAX_PARTS,
    });
    const resampled = await runInSlices(resampling).catch((error: unknown) => {
      if (!(error instanceof TooManyPartsError)) throw error;
      const advice = 'Ask for a shorter window, or for the most recent beliefs only.';
      throw new DomainError('TOO_MUCH_DATA', `${error.message} ${advice}`, 'resolution');
    });
    return resolutionMs < fromMs ? withinBounds(resampled, search, resolutionMs) : resampled;
  }

  /**
   * Minimum, mean and maximum of the values that start in each of equal periods, per source: of its most recent belief about
   * each event, and of a probabilistic one of the median. In the sensor's unit.
   * @param maxBeliefs to search
   * @returns also how many were searched
   * @throws DomainError TOO_MUCH_DATA if there are more
   */
  async bucketsBySource(
    sensor: Sensor,
    search: BeliefSearch,
    { originMs, lengthMs, count }: Buckets,
    maxBeliefs: number,
  ): Promise<{ searched: number; found: BucketColumns }> {
    const filter = { ...search, ...timingOf(sensor) };
    const parts: BucketColumns[] = [];
    let searched = 0;
    for (let at = 0; at < count; at += BUCKETS_AT_ONCE) {
      const some = {
        lengthMs,
        originMs: originMs + at * lengthMs,
        count: Math.min(BUCKETS_AT_ONCE, count - at),
      };
      const part = await this.beliefs.bucketsBySource(filter, some);
      searched += part.searched;
      if (searched > maxBeliefs) throw tooManyBeliefs(maxBeliefs);
      parts.push(part.found);
    }
    return { searched, found: joinBuckets(parts) };
  }

  /** First and last events of sensors, by sensor id; sensors without beliefs are left out. */
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

  /** The last of the events that `latestPerEvent` finds. */
  findLastEvent(sensor: Sensor, search: BeliefSearch): Promise<LastEvent | undefined> {
    return this.beliefs.findLastEvent({ ...search, ...timingOf(sensor) });
  }

  /** `latestPerEvent` of several sensors, by sensor id, with a statement for those whose events have the same timing. */
  async latestPerEventOf(
    sensors: readonly Sensor[],
    search: BeliefSearch,
  ): Promise<Map<number, EventSeries>> {
    const found = new Map<number, EventSeries>();
    for (const alike of byTiming(sensors)) {
      const ids = alike.map(({ id }) => id);
      const filter = { ...search, ...timingOf(alike[0]!), sensorId: undefined };
      const ofSome = await this.beliefs.latestPerEventOfMany(ids, filter);
      for (const id of ids) found.set(id, ofSome.get(id) ?? noEvents());
    }
    return found;
  }

  /** `latestOnSteps` of several sensors, by sensor id; see `latestPerEventOf`. */
  async latestOnStepsOf(
    sensors: readonly Sensor[],
    { startMs, stepMs, steps }: Steps,
    search: BeliefSearch = {},
  ): Promise<Map<number, Float64Array>> {
    const found = new Map<number, Float64Array>();
    if (steps <= 0) return new Map(sensors.map(({ id }) => [id, new Float64Array(0)]));
    const endMs = startMs + steps * stepMs;
    const bins = exactBins(startMs, endMs, stepMs);
    const slice = new TimeSlice();
    for (const alike of byTiming(sensors)) {
      const events = await this.latestPerEventOf(alike, {
        ...search,
        ...windowOf(alike[0]!, startMs, endMs),
      });
      for (const sensor of alike) {
        found.set(sensor.id, resampleValues(events.get(sensor.id)!, meanOf(sensor), bins));
        await slice.pauseIfOver();
      }
    }
    return found;
  }

  /**
   * One value per step of a window, for power and prices: longer events are repeated, shorter ones averaged, instants
   * taken at the start of a step. In the sensor's unit; NaN where nothing is known.
   */
  async latestOnSteps(
    sensor: Sensor,
    { startMs, stepMs, steps }: Steps,
    search: BeliefSearch = {},
  ): Promise<Float64Array> {
    const endMs = startMs + steps * stepMs;
    const events = await this.eventsIn(sensor, startMs, endMs, search);
    return resampleValues(events, meanOf(sensor), exactBins(startMs, endMs, stepMs));
  }

  /**
   * The values of a window at regular steps from its start to its end, NaN where nothing is known: the deterministic
   * beliefs that pass, resampled to the requested resolution or in the sensor's own, in the sensor's unit.
   * @param form the values to resample: by default those of the sensor
   * @throws DomainError TOO_MANY_EVENTS
   */
  async read(
    sensor: Sensor,
    window: ReadWindow,
    search: BeliefSearch = {},
    { aggregation = aggregationOf(sensor.unit), partial, convert }: ReadForm = {},
  ): Promise<StepValues> {
    const { eventResolutionMs: resolutionMs, timezone: zone } = sensor;
    const { startMs } = window;
    // Amounts are known only if the last step is known to its end.
    const { endMs } = aggregation === 'sum' ? { endMs: endOfLastStep(window, zone) } : window;
    const isLarge = endMs - startMs > (resolutionMs > 0 ? LARGE_RESULT * resolutionMs : DAY_MS);
    const maxEvents = isLarge ? MAX_EVENTS_READ : undefined;
    const events = await this.eventsIn(sensor, startMs, endMs, search, maxEvents);
    const rules = { resolutionMs, aggregation, zone, partial };
    const converted = convert ? { ...events, values: convert(events) } : events;
    return runInSlices(readWindowInSteps(converted, rules, window));
  }

  /**
   * Key figures of each source's beliefs about a sensor, in the sensor's unit; by source id. The most recent belief about
   * each event counts, and of a probabilistic one its median.
   */
  figuresBySource(sensor: Sensor, search: BeliefSearch = {}): Promise<SourceFigures[]> {
    return this.beliefs.figuresBySource({ ...search, ...timingOf(sensor) });
  }

  private async eventsIn(
    sensor: Sensor,
    startMs: number,
    endMs: number,
    search: BeliefSearch,
    maxEvents?: number,
  ): Promise<EventSeries> {
    const filter = { ...search, ...windowOf(sensor, startMs, endMs), ...timingOf(sensor) };
    if (maxEvents === undefined) return this.beliefs.latestPerEvent(filter);
    const events = await this.beliefs.latestPerEvent(filter, maxEvents + 1);
    if (events.values.length <= maxEvents) return events;
    const message = `There are more than ${maxEvents} events in the window: ask for a shorter one.`;
    throw new DomainError('TOO_MANY_EVENTS', message, 'duration');
  }
}

/** Where the last step of a window may end at the latest, epoch ms. */
const endOfLastStep = ({ endMs, resolution }: ReadWindow, zone: string): number =>
  resolution === undefined ? endMs : addDuration(endMs, resolution, zone);

/** A search for the events that overlap a window. */
function windowOf({ eventResolutionMs }: Sensor, startMs: number, endMs: number): BeliefSearch {
  // Where the clocks change, an event of a day may end later than its resolution says.
  const extraMs = eventResolutionMs > HOUR_MS ? DAY_MS : 0;
  return { eventEndsAfterMs: startMs - extraMs, eventStartsBeforeMs: endMs };
}

/** How the values of a sensor are brought onto steps. */
const meanOf = ({ eventResolutionMs, timezone }: Sensor) =>
  ({ resolutionMs: eventResolutionMs, aggregation: 'mean', zone: timezone }) as const;

/** Sensors for which the same search is the same statement. */
function byTiming(sensors: readonly Sensor[]): Sensor[][] {
  const groups = new Map<string, Sensor[]>();
  for (const sensor of new Map(sensors.map((one) => [one.id, one])).values()) {
    const { eventResolutionMs, timezone, knowledgeHorizon } = timingOf(sensor);
    // The zone tells when days begin. Shorter events are the same in all zones.
    const zone = eventResolutionMs >= DAY_MS ? timezone : undefined;
    const key = JSON.stringify([eventResolutionMs, zone, knowledgeHorizon]);
    const group = groups.get(key);
    if (group) group.push(sensor);
    else groups.set(key, [sensor]);
  }
  return [...groups.values()];
}

const noEvents = (): EventSeries => ({ eventStarts: new Float64Array(0), values: new Float64Array(0) });

/** What a search needs to know about a sensor. */
function timingOf(
  sensor: Sensor,
): Pick<BeliefFilter, 'sensorId' | 'eventResolutionMs' | 'timezone' | 'knowledgeHorizon'> {
  return {
    sensorId: sensor.id,
    eventResolutionMs: sensor.eventResolutionMs,
    timezone: sensor.timezone,
    knowledgeHorizon: knowledgeHorizonOf(sensor),
  };
}

/** How the beliefs about a sensor become beliefs about events of another length (ms). */
export const resamplingOf = (sensor: Sensor, toMs: number): BeliefResampling => ({
  fromMs: sensor.eventResolutionMs,
  toMs,
  zone: sensor.timezone,
  aggregation: aggregationOf(sensor.unit),
  knowledgeHorizon: knowledgeHorizonOf(sensor),
});

/**
 * The rule that tells when the sensor's events become known.
 * @throws KnowledgeHorizonInvalid if the sensor's rule cannot be used
 */
export function knowledgeHorizonOf(sensor: Sensor): KnowledgeHorizon {
  return parseKnowledgeHorizon(sensor.knowledgeHorizonFnc, sensor.knowledgeHorizonPar);
}
