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

const KIND = new ExtensionKind('custom-forecaster', 'computeForecast', 'CUSTOM_FORECASTER_FAILED');

/** Steps of a series to forecast, by index. `until` is exclusive. */
export interface CustomRequest {
  sensor: Sensor;
  series: RegularSeries;
  from: number;
  until: number;
  quantiles: readonly number[];
  /** Belief time of the forecast of a step, epoch ms. Steps with the same belief time are forecast together. */
  madeAtMs: (step: number) => number;
  /** Index of the last step that was known at a time (epoch ms). */
  lastKnownAt: (momentMs: number) => number;
}

type ForecasterClass = (new (request: ForecasterRequest) => Forecaster) &
  Pick<typeof Forecaster, 'author' | 'version'>;

/** The `custom-forecaster` attribute of the sensor or its asset; undefined if the built-in forecaster is used. */
export const findCustomForecaster = (sensor: Sensor): unknown => KIND.findAttribute(sensor);

/** Runs custom forecasters; see docs/forecasting.md. */
@Injectable()
export class CustomForecasters {
  constructor(
    private readonly extensions: ExtensionRegistry,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
  ) {
    extensions.registerKind(KIND);
  }

  /**
   * Checks that the class exists that a sensor or its asset names.
   * @throws DomainError as ExtensionRegistry.findClass
   */
  check(sensor: Sensor): void {
    this.extensions.findClass(KIND, sensor);
  }

  /**
   * Runs the custom forecaster of the sensor, once per belief time.
   * @throws DomainError as ExtensionRegistry.findClass; CUSTOM_FORECASTER_FAILED if it throws or returns invalid forecasts
   */
  async compute(request: CustomRequest): Promise<{ forecasts: Forecasts; forecaster: ExtensionIdentity }> {
    const found = this.extensions.findClass(KIND, request.sensor)!;
    const CustomForecaster = found.class as ExtensionClass & ForecasterClass;
    const { from, until, quantiles, madeAtMs } = request;
    const forecasts = noForecasts(from, until, quantiles);
    for (let first = from; first < until;) {
      let end = first + 1;
      while (end < until && madeAtMs(end) === madeAtMs(first)) end++;
      const own = this.createRequest(request, first, end);
      const results = await KIND.run(found.name, async () =>
        readCustomForecasts(await new CustomForecaster(own).computeForecast(), end - first, quantiles),
      );
      forecasts.values.set(results.values, first - from);
      results.quantiles.forEach((values, q) => forecasts.quantiles[q]!.set(values, first - from));
      results.values.forEach((value, i) => {
        if (!Number.isNaN(value)) forecasts.methods[first - from + i] = 'custom';
      });
      first = end;
    }
    if (forecasts.methods.includes('none'))
      forecasts.failures.push(`${found.name} returned no forecast for some events.`);
    return { forecasts, forecaster: KIND.getIdentity(CustomForecaster, found.name) };
  }

  private createRequest({ sensor, series, ...request }: CustomRequest, first: number, end: number) {
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
