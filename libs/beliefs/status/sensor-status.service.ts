import { Inject, Injectable } from '@nestjs/common';
import { COMPUTED_SOURCE_TYPES, type Sensor } from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import {
  computedStaleness,
  knowledgeTimeAt,
  measuredStaleness,
  type KnowledgeHorizon,
  type Staleness,
} from '../model';
import { knowledgeHorizonOf } from '../store/beliefs.service';
import { SourceRhythmsRepository, type SourceRhythmRow } from './source-rhythms.repository';

/** Whether the data of a sensor is as recent as expected, for one type of source. */
export interface SensorStatus {
  /** Type of the sources; null if there is no data at all. */
  sourceType: string | null;
  isStale: boolean;
  /** Time that the age of the data is counted from; epoch milliseconds. Null if there is no data at all. */
  sinceMs: number | null;
  /** Age of the data in milliseconds, or how far it reaches into the future; null if it should, but does not. */
  stalenessMs: number | null;
  /** Why the data is stale or not, as a sentence. */
  reason: string;
}

/** Tells whether the data of sensors is as recent as their rhythm leads one to expect. */
@Injectable()
export class SensorStatusService {
  constructor(
    private readonly rhythms: SourceRhythmsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The status of a sensor for each type of source that has data about it, by name of the type.
   * @param maxAgeMs of events that count; without it, all data of the sensor is read
   */
  async describe(sensor: Sensor, maxAgeMs?: number): Promise<[SensorStatus, ...SensorStatus[]]> {
    const nowMs = this.clock.now();
    const { id: sensorId, eventResolutionMs } = sensor;
    const knowledgeHorizon = knowledgeHorizonOf(sensor);
    const filter = {
      ...{ sensorId, eventResolutionMs, knowledgeHorizon, beliefsBeforeMs: nowMs },
      eventStartsAfterMs: maxAgeMs === undefined ? undefined : nowMs - maxAgeMs,
    };
    const rows = await this.rhythms.find(filter, COMPUTED_SOURCE_TYPES);
    const [first, ...others] = rows.map((row) => toStatus(sensor, knowledgeHorizon, row, nowMs));
    return first ? [first, ...others] : [NO_DATA];
  }
}

const NO_DATA: SensorStatus = {
  ...{ sourceType: null, isStale: true, sinceMs: null, stalenessMs: null },
  reason: 'No data was recorded.',
};

function toStatus(
  sensor: Sensor,
  horizon: KnowledgeHorizon,
  row: SourceRhythmRow,
  nowMs: number,
): SensorStatus {
  const { eventResolutionMs: resolutionMs } = sensor;
  const knownAt = (start: number): number => knowledgeTimeAt(start, resolutionMs, horizon);
  const eventStarts = Float64Array.from(row.event_starts);
  const beliefTimes = eventStarts.map((start, i) => knownAt(start) - row.horizons[i]!);
  const staleness = row.is_measured
    ? measuredStaleness({ eventStarts, beliefTimes }, { resolutionMs, knowledgeTimeAt: knownAt }, nowMs)
    : computedStaleness({ eventStarts, beliefTimes }, nowMs);
  const isMissing = !row.is_measured && staleness.lastEventStartMs <= nowMs;
  return {
    sourceType: row.type,
    isStale: staleness.isStale,
    sinceMs: staleness.sinceMs,
    stalenessMs: isMissing ? null : Math.abs(nowMs - staleness.sinceMs),
    reason: reasonOf(sensor, staleness, row.is_measured),
  };
}

function reasonOf(
  { timezone }: Sensor,
  { isStale, lastEventStartMs, deadlineMs }: Staleness,
  isMeasured: boolean,
): string {
  const last = `The latest value is about ${formatInstant(lastEventStartMs, timezone)}.`;
  const deadline = formatInstant(Math.round(deadlineMs), timezone);
  if (isMeasured) {
    return `${last} The next one ${isStale ? 'was' : 'is'} expected by ${deadline}.`;
  }
  return `${last} Later ones ${isStale ? 'were' : 'are'} expected by ${deadline}.`;
}
