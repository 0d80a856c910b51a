import { Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import {
  ExtensionKind,
  ExtensionRegistry,
  type ExtensionClass,
  type ExtensionIdentity,
} from '#lib/extensions';
import type { Forecaster, ForecasterRequest, ForecastSensor } from '#lib/plugin-api';
import { accountActor, SensorAccess, type Sensor } from '#lib/sensors';
import { noForecasts, readCustomForecasts, stepStartMs, type Forecasts, type RegularSeries } from '../model';

const KIND = new ExtensionKind('custom-forecaster', 'CUSTOM_FORECASTER_FAILED');

/** Steps to forecast of a series, by index; each group from what was known at one moment. */
export interface CustomRequest {
  sensor: Sensor;
  series: RegularSeries;
  from: number;
  until: number;
  quantiles: readonly number[];
  /** When the forecast of a step has to be made: epoch ms. Steps of the same moment are forecast together. */
  madeAtMs: (step: number) => number;
  /** Index of the last step that was known by a moment. */
  lastKnownAt: (momentMs: number) => number;
}

type ForecasterClass = (new (request: ForecasterRequest) => Forecaster) &
  Pick<typeof Forecaster, 'author' | 'version'>;

/** What names the forecaster of a sensor, on itself or on its asset; undefined where the built-in one forecasts it. */
export const customForecasterOf = (sensor: Sensor): unknown => KIND.namedBy(sensor);

/** Runs forecasters of the host's own: see docs/forecasting.md. */
@Injectable()
export class CustomForecasters {
  constructor(
    private readonly extensions: ExtensionRegistry,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Runs the forecaster that the sensor names, once for each moment at which forecasts have to be made.
   * @throws DomainError as ExtensionRegistry.get; CUSTOM_FORECASTER_FAILED for what it throws, and for forecasts that are none
   */
  async compute(request: CustomRequest): Promise<{ forecasts: Forecasts; forecaster: ExtensionIdentity }> {
    const reference = KIND.referenceOf(request.sensor)!;
    const Found = this.extensions.get(reference, 'computeForecast') as ExtensionClass & ForecasterClass;
    const { from, until, quantiles, madeAtMs } = request;
    const forecasts = noForecasts(from, until, quantiles);
    for (let first = from; first < until;) {
      let end = first + 1;
      while (end < until && madeAtMs(end) === madeAtMs(first)) end++;
      const own = this.requestOf(request, first, end);
      const given = await KIND.run(reference.class, async () =>
        readCustomForecasts(await new Found(own).computeForecast(), end - first, quantiles),
      );
      forecasts.values.set(given.values, first - from);
      given.quantiles.forEach((values, q) => forecasts.quantiles[q]!.set(values, first - from));
      given.values.forEach((value, i) => {
        if (!Number.isNaN(value)) forecasts.methods[first - from + i] = 'custom';
      });
      first = end;
    }
    if (forecasts.methods.includes('none'))
      forecasts.failures.push(`${reference.class} gave no value for some events.`);
    return { forecasts, forecaster: KIND.identityOf(Found, reference.class) };
  }

  private requestOf({ sensor, series, ...request }: CustomRequest, first: number, end: number) {
    const { stepMs, values } = series;
    const beliefsBeforeMs = request.madeAtMs(first);
    const window = { startMs: stepStartMs(series, first), stepMs, steps: end - first };
    return {
      sensor: describeSensor(sensor),
      start: new Date(window.startMs),
      end: new Date(stepStartMs(series, end)),
      resolution: stepMs,
      beliefTime: new Date(beliefsBeforeMs),
      history: {
        start: new Date(stepStartMs(series, 0)),
        values: values.slice(0, Math.max(0, request.lastKnownAt(beliefsBeforeMs) + 1)),
      },
      context: {
        readSensor: async (id: number) => {
          const other = await this.access.getReadable(id, [accountActor(sensor.asset)], 'readSensor');
          return this.beliefs.latestOnSteps(other, window, { beliefsBeforeMs });
        },
      },
    };
  }
}

const describeSensor = ({ id, name, unit, timezone, attributes, asset }: Sensor): ForecastSensor => ({
  ...{ id, name, unit, timezone, attributes },
  asset: { id: asset.id, name: asset.name, type: asset.assetType.name, attributes: asset.attributes },
});
