import { Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch, type Steps } from '#lib/beliefs';
import { AnnotationsService, COMPUTED_SOURCE_TYPES, type Sensor } from '#lib/sensors';
import { DAY_MS, ZoneClock } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { stepAt, stepStartMs, toRegularSeries, type ForecastData, type RegularSeries } from '../model';

/** History that features need before the training data: lags of two weeks, and forecasts two days ahead. */
const LOOKBACK_MS = 24 * DAY_MS;

/** Window of a series; epoch milliseconds. */
export interface InputWindow {
  /** Start of the training data. Features also use earlier values. */
  fromMs: number;
  untilMs: number;
  /** Only beliefs up to this time. */
  knownAtMs?: number;
}

/** Which values of regressors are read. */
interface RegressorReading {
  /** End of the window, epoch milliseconds. */
  untilMs: number;
  /** How long before the end of a step its value must have been known. */
  leadMs: number;
  /** Only beliefs up to this time; epoch milliseconds. */
  knownAtMs?: number;
  /** Number of first steps of the series that are used for training and are not forecast. */
  trainingSteps: number;
}

/** Reads the inputs of forecasts. */
@Injectable()
export class ForecastInputs {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly annotations: AnnotationsService,
  ) {}

  /**
   * The measurements of a sensor, one value per step, NaN if unknown, and the holidays from annotations of the sensor, its
   * asset or its account. Prices count as measured also if they were published before the event.
   */
  async read(sensor: Sensor, { fromMs, untilMs, knownAtMs }: InputWindow): Promise<ForecastData> {
    const stepMs = sensor.eventResolutionMs;
    const startMs = fromMs - LOOKBACK_MS;
    const search: BeliefSearch = {
      eventStartsAfterMs: startMs,
      eventStartsBeforeMs: untilMs,
      beliefsBeforeMs: knownAtMs,
      ...measurementFilter(sensor),
    };
    const events = await this.beliefs.latestPerEvent(sensor, search);
    const holidays = await this.readHolidays(sensor, startMs, untilMs);
    return {
      series: toRegularSeries({ ...events, stepMs, fromMs: startMs, untilMs }, sensor.timezone),
      zone: sensor.timezone,
      ...(holidays.size > 0 && { holidays }),
    };
  }

  /**
   * Finds the steps that need no forecast because their values were published at least `leadMs` before their end (prices).
   * Beliefs after `knownAtMs` are ignored.
   * @returns indices of steps in the given range of the series
   */
  async findPublishedSteps(
    sensor: Sensor,
    series: RegularSeries,
    { from, until, leadMs, knownAtMs }: { from: number; until: number; leadMs: number; knownAtMs?: number },
  ): Promise<number[]> {
    if (!isPriceUnit(sensor.unit) || from >= until) return [];
    const { eventStarts } = await this.beliefs.latestPerEvent(sensor, {
      ...measurementFilter(sensor),
      eventStartsAfterMs: stepStartMs(series, from),
      eventStartsBeforeMs: stepStartMs(series, until),
      leadAtLeastMs: leadMs,
      beliefsBeforeMs: knownAtMs,
    });
    return Array.from(eventStarts, (eventStart) => stepAt(series, eventStart)).filter(Number.isInteger);
  }

  /**
   * Reads regressors on the steps of a series, up to `untilMs`. The value of a step is the latest belief from at least
   * `leadMs` before its end and not after `knownAtMs`. For training only, it is the measurement if there is no such belief.
   */
  readRegressors(
    sensors: readonly Sensor[],
    series: RegularSeries,
    reading: RegressorReading,
  ): Promise<Float64Array[]> {
    const { stepMs } = series;
    const steps = Math.max(0, Math.ceil(stepAt(series, reading.untilMs)));
    // If steps are in local time, the steps to forecast match exactly, and earlier ones up to a clock change of an hour.
    const startMs = stepStartMs(series, steps) - steps * stepMs;
    return Promise.all(
      sensors.map((sensor) => this.readRegressor(sensor, { startMs, stepMs, steps }, reading)),
    );
  }

  private async readRegressor(
    sensor: Sensor,
    window: Steps,
    { leadMs, knownAtMs: beliefsBeforeMs, trainingSteps }: RegressorReading,
  ): Promise<Float64Array> {
    // An event of the regressor may end after the step.
    const longerMs = Math.max(0, sensor.eventResolutionMs - window.stepMs);
    const values = await this.beliefs.latestOnSteps(sensor, window, {
      leadAtLeastMs: leadMs + longerMs,
      beliefsBeforeMs,
    });
    const steps = Math.min(trainingSteps - Math.ceil(longerMs / window.stepMs), window.steps);
    if (!values.subarray(0, Math.max(steps, 0)).some(Number.isNaN)) return values;
    const measured = await this.beliefs.latestOnSteps(
      sensor,
      { ...window, steps },
      { excludeSourceTypes: COMPUTED_SOURCE_TYPES, horizonAtMostMs: 0, beliefsBeforeMs },
    );
    measured.forEach((value, step) => {
      if (Number.isNaN(values[step]!)) values[step] = value;
    });
    return values;
  }

  /** Whole-day holidays, as local days since 1970-01-01. */
  private async readHolidays(sensor: Sensor, fromMs: number, untilMs: number): Promise<Set<number>> {
    const found = await this.annotations.listForSensor(sensor, {
      endsAfterMs: fromMs,
      startsBeforeMs: untilMs,
    });
    const clock = new ZoneClock(sensor.timezone);
    const localDay = (ms: number): number => (ms + clock.offsetMsAt(ms)) / DAY_MS;
    const days = new Set<number>();
    for (const { type, start, end } of found) {
      if (type !== 'holiday') continue;
      const until = Math.floor(localDay(end.getTime()));
      for (let day = Math.ceil(localDay(start.getTime())); day < until; day++) days.add(day);
    }
    return days;
  }
}

/** Selects the measurements of a sensor. Prices count as measured also if they were published before the event. */
export const measurementFilter = ({ unit }: Sensor): BeliefSearch => ({
  excludeSourceTypes: COMPUTED_SOURCE_TYPES,
  ...(!isPriceUnit(unit) && { horizonAtMostMs: 0 }),
});
