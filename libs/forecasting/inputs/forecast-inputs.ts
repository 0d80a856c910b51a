import { Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch } from '#lib/beliefs';
import { AnnotationsService, type Sensor } from '#lib/sensors';
import { DAY_MS, ZoneClock } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { stepAt, stepStartMs, toRegularSeries, type ForecastData, type RegularSeries } from '../model';

/** How far before the days to learn from features look: lags of two weeks, and forecasts two days ahead. */
const LOOKBACK_MS = 24 * DAY_MS;

/** Sources whose beliefs are no measurements, whatever their horizon. */
export const COMPUTED = ['forecasting script', 'scheduling script'];

/** Which part of a series is wanted; epoch milliseconds. */
export interface InputWindow {
  /** Where what is to be learnt from begins; features look further back. */
  fromMs: number;
  untilMs: number;
  /** Only what was recorded up to this moment. */
  knownAtMs?: number;
}

/** Reads what forecasts are made from. */
@Injectable()
export class ForecastInputs {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly annotations: AnnotationsService,
  ) {}

  /**
   * What was measured of a sensor: one value per step, NaN where none is known. Prices count however early they were
   * known; of everything else, what was recorded after the fact. With the holidays that the sensor, its asset or its
   * account is annotated with.
   */
  async read(sensor: Sensor, { fromMs, untilMs, knownAtMs }: InputWindow): Promise<ForecastData> {
    const stepMs = sensor.eventResolutionMs;
    const startMs = fromMs - LOOKBACK_MS;
    const search: BeliefSearch = {
      eventStartsAfterMs: startMs,
      eventStartsBeforeMs: untilMs,
      beliefsBeforeMs: knownAtMs,
      ...measuredOf(sensor),
    };
    const events = await this.beliefs.latestPerEvent(sensor, search);
    const holidays = await this.holidays(sensor, startMs, untilMs);
    return {
      series: toRegularSeries({ ...events, stepMs, fromMs: startMs, untilMs }, sensor.timezone),
      zone: sensor.timezone,
      ...(holidays.size > 0 && { holidays }),
    };
  }

  /**
   * Which steps need no forecast so long before their end, since what is measured there had been recorded by then: prices
   * are published ahead. Indices in the series, of the range given. Nothing that was recorded after `knownAtMs` counts.
   */
  async knownAhead(
    sensor: Sensor,
    series: RegularSeries,
    { from, until, leadMs, knownAtMs }: { from: number; until: number; leadMs: number; knownAtMs?: number },
  ): Promise<number[]> {
    if (!isPriceUnit(sensor.unit) || from >= until) return [];
    const { eventStarts } = await this.beliefs.latestPerEvent(sensor, {
      ...measuredOf(sensor),
      eventStartsAfterMs: stepStartMs(series, from),
      eventStartsBeforeMs: stepStartMs(series, until),
      leadAtLeastMs: leadMs,
      beliefsBeforeMs: knownAtMs,
    });
    return Array.from(eventStarts, (eventStart) => stepAt(series, eventStart)).filter(Number.isInteger);
  }

  /**
   * Other series on the steps of a series, up to `untilMs`: of each step, what was expected of it so long before its
   * end, and nothing that was recorded later, nor later than `knownAtMs`.
   */
  readRegressors(
    sensors: readonly Sensor[],
    series: RegularSeries,
    { untilMs, leadMs, knownAtMs }: { untilMs: number; leadMs: number; knownAtMs?: number },
  ): Promise<Float64Array[]> {
    const { stepMs } = series;
    const steps = Math.max(0, Math.ceil(stepAt(series, untilMs)));
    // Where steps follow the clocks of a zone, those that are forecast are met, and earlier ones to the hour.
    const startMs = stepStartMs(series, steps) - steps * stepMs;
    return Promise.all(
      sensors.map((sensor) =>
        this.beliefs.latestOnSteps(
          sensor,
          { startMs, stepMs, steps },
          {
            // The events of the other series may end after the step that they are about.
            leadAtLeastMs: leadMs + Math.max(0, sensor.eventResolutionMs - stepMs),
            beliefsBeforeMs: knownAtMs,
          },
        ),
      ),
    );
  }

  /** Local days since 1970-01-01 that are holidays in whole. */
  private async holidays(sensor: Sensor, fromMs: number, untilMs: number): Promise<Set<number>> {
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

/** Beliefs about a sensor that count as measured: prices however early they were known. */
const measuredOf = ({ unit }: Sensor): BeliefSearch => ({
  excludeSourceTypes: COMPUTED,
  ...(!isPriceUnit(unit) && { horizonAtMostMs: 0 }),
});
