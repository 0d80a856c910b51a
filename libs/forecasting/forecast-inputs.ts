import { Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { DAY_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import type { ForecastData } from './model';

/** How far before the days to learn from features look: lags of two weeks, and forecasts two days ahead. */
const LOOKBACK_MS = 24 * DAY_MS;

/** Sources whose beliefs are no measurements, whatever their horizon. */
const COMPUTED = ['forecasting script', 'scheduling script'];

/** Reads what forecasts are made from. */
@Injectable()
export class ForecastInputs {
  constructor(private readonly beliefs: BeliefsService) {}

  /**
   * What was measured of a sensor from `historyMs` before a moment on: one value per step, NaN where none is known.
   * Prices count however early they were known; of everything else, what was recorded after the fact.
   */
  async read(sensor: Sensor, fromMs: number, untilMs: number, historyMs: number): Promise<ForecastData> {
    const stepMs = sensor.eventResolutionMs;
    const steps = Math.ceil((fromMs - historyMs - LOOKBACK_MS) / stepMs);
    const startMs = steps * stepMs;
    const search: BeliefSearch = {
      eventStartsAfterMs: startMs,
      eventStartsBeforeMs: untilMs,
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
    return { series: { startMs: startMs + offsetMs, stepMs, values }, zone: sensor.timezone };
  }
}
