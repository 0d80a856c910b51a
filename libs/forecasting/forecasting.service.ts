import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import { DAY_MS, formatDuration, HOUR_MS } from '#lib/time';
import type { Calculator } from '#lib/solver';
import { isPriceUnit } from '#lib/units';
import { CALCULATOR, ROLLING_FORECASTS } from './calculations';
import { ForecastInputs } from './forecast-inputs';
import { ForecastStore } from './forecast-store';
import type { RegularSeries, RollingForecasts } from './model';

/** Which forecasts are wanted. */
export interface ForecastRequest {
  sensorId: number;
  /** Events to forecast: those that start from `fromMs` on and before `untilMs`; epoch milliseconds. */
  fromMs: number;
  untilMs: number;
  /** How long before the end of its event each forecast is made. */
  horizonMs: number;
}

/** What became of a request. */
export interface ForecastReport {
  sensor: Sensor;
  horizonMs: number;
  /** How many events were forecast by a model, and how many by a naive method. */
  linear: number;
  naive: number;
  /** How many could not be forecast. */
  missing: number;
  /** Rows of beliefs that are new. */
  saved: number;
  /** Sentences on why no model, or nothing, was possible. */
  failures: string[];
}

/** Forecasts that are not stored yet. */
export interface ComputedForecasts {
  sensor: Sensor;
  horizonMs: number;
  series: RegularSeries;
  forecasts: RollingForecasts;
}

/** Days to learn from. */
const HISTORY_DAYS = 90;
const QUANTILES = [0.1, 0.5, 0.9];

/** Forecasts sensors from what was measured, and stores the forecasts as beliefs. */
@Injectable()
export class ForecastingService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly inputs: ForecastInputs,
    private readonly forecastStore: ForecastStore,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** The horizons that a sensor is forecast for unless others are asked for: those that its resolution divides. */
  defaultHorizons(sensor: Pick<Sensor, 'unit' | 'eventResolutionMs'>): number[] {
    const hours = isPriceUnit(sensor.unit) ? [24, 48] : [1, 6, 24, 48];
    return hours.map((count) => count * HOUR_MS).filter((horizonMs) => isWhole(horizonMs, sensor));
  }

  /** Computes forecasts and stores them. @throws as `compute` */
  async createForecasts(request: ForecastRequest, nowMs: number): Promise<ForecastReport> {
    return this.store(await this.compute(request, nowMs));
  }

  /**
   * Forecasts events with a rolling viewpoint: each as it could be known `horizonMs` before its end, by a model that is
   * fitted anew every day. What cannot be forecast is left out and reported.
   * @param nowMs forecasts that would have to be made after this moment are left out
   * @throws DomainError SENSOR_NOT_FOUND, INVALID_RESOLUTION, INVALID_HORIZON
   */
  async compute(request: ForecastRequest, nowMs: number): Promise<ComputedForecasts> {
    const { fromMs, horizonMs } = request;
    const sensor = await this.sensors.get(request.sensorId);
    checkHorizon(sensor, horizonMs);
    const stepMs = sensor.eventResolutionMs;
    const untilMs = Math.min(request.untilMs, nowMs + horizonMs - stepMs + 1);
    const data = await this.inputs.read(sensor, fromMs - horizonMs, untilMs, HISTORY_DAYS * DAY_MS);
    const { startMs, values } = data.series;
    const from = Math.max(0, Math.ceil((fromMs - startMs) / stepMs));
    const until = Math.max(from, Math.min(values.length, Math.ceil((untilMs - startMs) / stepMs)));
    const historySteps = Math.round((HISTORY_DAYS * DAY_MS) / stepMs);
    const horizonSteps = horizonMs / stepMs;
    const forecasts = await this.calculator.run(ROLLING_FORECASTS, {
      data,
      request: { horizonSteps, from, until, historySteps, quantiles: QUANTILES },
    });
    return { sensor, horizonMs, series: data.series, forecasts };
  }

  /** Stores forecasts as beliefs, all or none. */
  async store({ sensor, horizonMs, series, forecasts }: ComputedForecasts): Promise<ForecastReport> {
    const { saved } = await this.forecastStore.save(sensor, series, forecasts, {
      horizonMs,
      quantiles: QUANTILES,
    });
    const count = (method: string) => forecasts.methods.filter((used) => used === method).length;
    return {
      sensor,
      horizonMs,
      linear: count('linear'),
      naive: count('naive'),
      missing: count('none'),
      saved,
      failures: forecasts.failures,
    };
  }
}

const isWhole = (horizonMs: number, { eventResolutionMs }: Pick<Sensor, 'eventResolutionMs'>): boolean =>
  eventResolutionMs > 0 && horizonMs % eventResolutionMs === 0;

function checkHorizon(sensor: Sensor, horizonMs: number): void {
  if (sensor.eventResolutionMs <= 0) {
    const message = `Sensor ${sensor.id} is instantaneous: it has no steps to forecast.`;
    throw new DomainError('INVALID_RESOLUTION', message, 'sensor');
  }
  if (horizonMs <= 0 || !isWhole(horizonMs, sensor)) {
    const resolution = formatDuration(sensor.eventResolutionMs);
    const message = `horizon: a multiple of the resolution of sensor ${sensor.id} (${resolution}) is needed.`;
    throw new DomainError('INVALID_HORIZON', message, 'horizon');
  }
}
