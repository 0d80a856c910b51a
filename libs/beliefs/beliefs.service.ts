import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import type { BeliefFilter } from './belief-filter';
import { BeliefsRepository, type EventSeries, type SaveResult } from './beliefs.repository';
import { parseKnowledgeHorizon, type BeliefColumns } from './model';
import { valuesOnSteps } from './model/values-on-steps';

/** What of a sensor's beliefs is asked for; the sensor itself supplies the rest of the filter. */
export type BeliefSearch = Omit<BeliefFilter, 'sensorId' | 'eventResolutionMs' | 'knowledgeHorizon'>;

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
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Saves beliefs about one sensor, all or nothing. Beliefs that repeat what their source held last are left out.
   * Writers of the same sensor wait for each other, so that the same series sent twice at once is saved once.
   * @throws DomainError SENSOR_NOT_FOUND; INVALID_REPLACEMENT when a belief contradicts a stored one of the same
   *   source and belief time, unless overwriting is allowed.
   */
  save(
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    { allowOverwrite = this.settings.allowDataOverwrite } = {},
  ): Promise<SaveResult> {
    return this.transactions.run(async () => {
      if (!(await this.beliefs.lockSensor(sensor.id))) {
        throw new DomainError('SENSOR_NOT_FOUND', `There is no sensor with id ${sensor.id}.`, 'sensor');
      }
      const incoming = await this.beliefs.stage('values' in beliefs ? once(beliefs) : beliefs);
      const replacement = allowOverwrite
        ? undefined
        : await this.beliefs.findReplacement(sensor.id, incoming);
      if (replacement) {
        const event = formatInstant(replacement.eventStartMs, sensor.timezone);
        throw new DomainError(
          'INVALID_REPLACEMENT',
          `${replacement.count} belief(s) would replace what the same source believed at the same time about ` +
            `sensor ${sensor.id}, the first about ${event}; allow overwriting to do so.`,
        );
      }
      return this.beliefs.saveIncoming(sensor.id, incoming, allowOverwrite);
    });
  }

  /** The one belief per event that counts, in the sensor's own resolution and unit; unknown events are left out. */
  latestPerEvent(sensor: Sensor, search: BeliefSearch): Promise<EventSeries> {
    return this.beliefs.latestPerEvent({ ...search, ...timingOf(sensor) });
  }

  /**
   * What is known about each step of a window, for powers and prices: events that last longer are repeated, shorter
   * ones averaged. In the sensor's unit; NaN where nothing is known.
   */
  async latestOnSteps(
    sensor: Sensor,
    { startMs, stepMs, steps }: Steps,
    search: Omit<BeliefSearch, 'eventStartsAfterMs' | 'eventStartsBeforeMs'> = {},
  ): Promise<Float64Array> {
    const { eventStarts, values } = await this.latestPerEvent(sensor, {
      ...search,
      eventStartsAfterMs: startMs - Math.max(0, sensor.eventResolutionMs - 1),
      eventStartsBeforeMs: startMs + steps * stepMs,
    });
    return valuesOnSteps(eventStarts, values, sensor.eventResolutionMs, startMs, stepMs, steps);
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

/** When the sensor's events become known. */
export function knowledgeHorizonOf(sensor: Sensor) {
  return parseKnowledgeHorizon(sensor.knowledgeHorizonFnc, sensor.knowledgeHorizonPar);
}

async function* once(beliefs: BeliefColumns): AsyncIterable<BeliefColumns> {
  yield await Promise.resolve(beliefs);
}
