import { Inject, Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { AccuracyService, type ForecastAccuracy } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { addDuration, CLOCK, DAY_MS, parseDuration, type Clock } from '#lib/time';
import { toSensorStats } from '../../v3/sensors/sensors.mapper';
import { instantOf } from '../forms/local-times';
import { durationInWords, timeInWords } from '../frame/words';
import { shownNumber } from '../graphs/latest-values.service';

/** Of more beliefs, figures are computed on demand. */
const MAX_COUNTED = 200_000;

/** Events whose forecasts are compared with measurements: those of so many days until now, or of the days of the chart. */
const PERIODS: [value: string, label: string][] = [
  ['chart', 'Days of the chart'],
  ...[7, 30, 60, 365].map((days): [string, string] => [String(days), `Last ${days} days`]),
];
const DEFAULT_PERIOD = '60';
const DATE = /^\d{4}-\d\d-\d\d$/;

const BASELINES: Record<string, string> = {
  'last-value': 'last value',
  'same-time-yesterday': 'the day before',
  'same-time-last-week': 'the week before',
};

/** Which figures a person asked for, as in the address of the page. */
export interface FiguresQuery {
  statistics?: unknown;
  accuracy?: unknown;
  /** First and last day of the chart. */
  first?: unknown;
  last?: unknown;
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
  async contentFor(sensor: Sensor, query: FiguresQuery) {
    const { statistics, accuracy } = query;
    const isSmall = (await this.beliefs.countUpTo(MAX_COUNTED + 1, sensor, {})) <= MAX_COUNTED;
    const isCounted = isSmall || statistics !== undefined;
    const isCompared = sensor.eventResolutionMs > 0 && (isSmall || accuracy !== undefined);
    const period = PERIODS.find(([value]) => value === accuracy)?.[0] ?? DEFAULT_PERIOD;
    return {
      has_statistics: isCounted,
      statistics: isCounted ? await this.statisticsOf(sensor) : [],
      accuracy: {
        isPossible: sensor.eventResolutionMs > 0,
        isComputed: isCompared,
        period,
        periods: PERIODS,
        ...(isCompared && (await this.accuracyOf(sensor, this.windowOf(sensor, period, query)))),
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

  /** Start and end of a period; without valid days of the chart, those of the default one. */
  private windowOf({ timezone }: Sensor, period: string, { first, last }: FiguresQuery) {
    const [from, to] = [first, last].map((day) =>
      typeof day === 'string' && DATE.test(day) ? day : undefined,
    );
    const startMs = period === 'chart' && from ? startOfDay(from, timezone) : NaN;
    const lastMs = to ? startOfDay(to, timezone) : NaN;
    if (startMs <= lastMs) return { startMs, endMs: addDuration(lastMs, DAY, timezone) };
    const endMs = this.clock.now();
    return { startMs: endMs - Number(period === 'chart' ? DEFAULT_PERIOD : period) * DAY_MS, endMs };
  }

  /** The rows of the table of accuracies, or why there are none. */
  private async accuracyOf(sensor: Sensor, window: { startMs: number; endMs: number }) {
    try {
      return { rows: (await this.accuracy.compute(sensor, window)).map(toRow) };
    } catch (error) {
      if (error instanceof DomainError) return { problem: error.message };
      throw error;
    }
  }
}

const DAY = parseDuration('P1D');

/** NaN if there is no such day. */
function startOfDay(day: string, zone: string): number {
  const midnight = `${day}T00:00`;
  const instant = instantOf(midnight, zone);
  return instant === midnight ? NaN : Date.parse(instant);
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
