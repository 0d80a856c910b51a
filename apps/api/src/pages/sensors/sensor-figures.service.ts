import { Inject, Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { AccuracyService, type ForecastAccuracy } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { CLOCK, DAY_MS, type Clock } from '#lib/time';
import { toSensorStats } from '../../v3/sensors/sensors.mapper';
import { durationInWords, timeInWords } from '../frame/words';
import { shownNumber } from '../graphs/latest-values.service';

/** Of more beliefs, figures are computed on demand. */
const MAX_COUNTED = 200_000;

/** Days of the past whose forecasts are compared with measurements. */
export const ACCURACY_DAYS = [7, 30, 60, 365];
const DEFAULT_DAYS = 60;

const BASELINES: Record<string, string> = {
  'last-value': 'last value',
  'same-time-yesterday': 'the day before',
  'same-time-last-week': 'the week before',
};

/** Which figures a person asked for, as in the address of the page. */
export interface FiguresQuery {
  statistics?: unknown;
  accuracy?: unknown;
}

/** Figures about the data of a sensor: statistics per source, and how accurate forecasts were. */
@Injectable()
export class SensorFigures {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly accuracy: AccuracyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What the page of a sensor shows: figures that take little time, and those that were asked for. */
  async contentFor(sensor: Sensor, { statistics, accuracy }: FiguresQuery) {
    const isSmall = (await this.beliefs.countUpTo(MAX_COUNTED + 1, sensor, {})) <= MAX_COUNTED;
    const isCounted = isSmall || statistics !== undefined;
    const isCompared = sensor.eventResolutionMs > 0 && (isSmall || accuracy !== undefined);
    const days = ACCURACY_DAYS.find((one) => String(one) === accuracy) ?? DEFAULT_DAYS;
    return {
      has_statistics: isCounted,
      statistics: isCounted ? await this.statisticsOf(sensor) : [],
      accuracy: {
        isPossible: sensor.eventResolutionMs > 0,
        isComputed: isCompared,
        days,
        choices: ACCURACY_DAYS,
        ...(isCompared && (await this.accuracyOf(sensor, days))),
      },
    };
  }

  private async statisticsOf(sensor: Sensor) {
    const { sources } = toSensorStats(sensor, await this.beliefs.figuresBySource(sensor), true);
    return sources.map(({ source, count, min, max, mean, sum, ...times }) => ({
      ...{ source: `${source.name} (ID: ${source.id})`, count },
      first: timeInWords(times.first_event_start),
      last: timeInWords(times.last_event_end),
      recorded: timeInWords(times.last_belief_time),
      ...{ min: shownNumber(min), max: shownNumber(max), mean: shownNumber(mean), sum: shownNumber(sum) },
    }));
  }

  /** The rows of the table of accuracies, or why there are none. */
  private async accuracyOf(sensor: Sensor, days: number) {
    const endMs = this.clock.now();
    try {
      const found = await this.accuracy.compute(sensor, { startMs: endMs - days * DAY_MS, endMs });
      return { rows: found.map(toRow) };
    } catch (error) {
      if (error instanceof DomainError) return { problem: error.message };
      throw error;
    }
  }
}

const percent = (share: number): string => (Number.isFinite(share) ? `${shownNumber(share * 100)} %` : '–');
const figure = (value: number): string => (Number.isFinite(value) ? shownNumber(value) : '–');

function toRow({ source, horizonMs, count, mae, rmse, wape, coverage, baselines }: ForecastAccuracy) {
  const best = baselines
    .filter((one) => Number.isFinite(one.mae))
    .sort((one, other) => one.mae - other.mae)[0];
  return {
    source: `${source.name} (ID: ${source.id})`,
    horizon: durationInWords(horizonMs),
    count,
    ...{ mae: figure(mae), rmse: figure(rmse), wape: percent(wape), coverage: percent(coverage) },
    naive: best ? `${figure(best.mae)} (${BASELINES[best.method] ?? best.method})` : '–',
    isBetter: best !== undefined && mae < best.mae,
  };
}
