import { Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch } from '#lib/beliefs';
import { AnnotationsService, type Sensor } from '#lib/sensors';
import { DAY_MS, ZoneClock } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import type { ForecastData, RegularSeries } from './model';

/** How far before the days to learn from features look: lags of two weeks, and forecasts two days ahead. */
const LOOKBACK_MS = 24 * DAY_MS;

/** Sources whose beliefs are no measurements, whatever their horizon. */
const COMPUTED = ['forecasting script', 'scheduling script'];

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
    const startMs = Math.ceil((fromMs - LOOKBACK_MS) / stepMs) * stepMs;
    const search: BeliefSearch = {
      eventStartsAfterMs: startMs,
      eventStartsBeforeMs: untilMs,
      beliefsBeforeMs: knownAtMs,
      excludeSourceTypes: COMPUTED,
      ...(!isPriceUnit(sensor.unit) && { horizonAtMostMs: 0 }),
    };
    const events = await this.beliefs.latestPerEvent(sensor, search);
    const first = events.eventStarts[0];
    // The grid of the data itself: steps of an hour and more need not begin with the hour in UTC.
    const offsetMs = first === undefined ? 0 : (((first - startMs) % stepMs) + stepMs) % stepMs;
    const values = new Float64Array(Math.max(0, Math.ceil((untilMs - startMs - offsetMs) / stepMs))).fill(
      NaN,
    );
    events.eventStarts.forEach((eventStart, i) => {
      const step = (eventStart - startMs - offsetMs) / stepMs;
      if (Number.isInteger(step) && step < values.length) values[step] = events.values[i]!;
    });
    const holidays = await this.holidays(sensor, startMs, untilMs);
    return {
      series: { startMs: startMs + offsetMs, stepMs, values },
      zone: sensor.timezone,
      ...(holidays.size > 0 && { holidays }),
    };
  }

  /**
   * Other series on the steps of a series, up to `untilMs`: of each step, what was expected of it so long before its
   * end, and nothing that was recorded later.
   */
  readRegressors(
    sensors: readonly Sensor[],
    { startMs, stepMs }: RegularSeries,
    untilMs: number,
    leadMs: number,
  ): Promise<Float64Array[]> {
    const steps = Math.max(0, Math.ceil((untilMs - startMs) / stepMs));
    return Promise.all(
      sensors.map((sensor) =>
        this.beliefs.latestOnSteps(
          sensor,
          { startMs, stepMs, steps },
          // The events of the other series may end after the step that they are about.
          { leadAtLeastMs: leadMs + Math.max(0, sensor.eventResolutionMs - stepMs) },
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
