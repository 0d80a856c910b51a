import { Injectable, Logger } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import {
  parseClassReference,
  PluginLoader,
  type Forecaster,
  type ForecasterRequest,
  type ForecastSensor,
  type PluginClass,
} from '#lib/plugins';
import { SensorsService, type Sensor } from '#lib/sensors';
import { noForecasts, readCustomForecasts, type Forecasts, type RegularSeries } from './model';

const ATTRIBUTE = 'custom-forecaster';

/** How long a forecaster may wait for something; one that never stops computing holds its process. */
const TIME_LIMIT_MS = 10 * 60_000;

/** Under which name forecasts are stored. */
export interface ForecasterIdentity {
  author: string;
  model: string;
  version: string;
}

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
export const customForecasterOf = ({ attributes, asset }: Sensor): unknown =>
  attributes[ATTRIBUTE] ?? asset.attributes[ATTRIBUTE] ?? undefined;

/** Runs forecasters of the host's own: see docs/forecasting.md. */
@Injectable()
export class CustomForecasters {
  private readonly logger = new Logger('CustomForecasters');

  constructor(
    private readonly plugins: PluginLoader,
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Runs the forecaster that the sensor names, once for each moment at which forecasts have to be made.
   * @throws DomainError as PluginLoader.load; CUSTOM_FORECASTER_FAILED for what it throws, and for forecasts that are none
   */
  async compute(request: CustomRequest): Promise<{ forecasts: Forecasts; forecaster: ForecasterIdentity }> {
    const reference = parseClassReference(customForecasterOf(request.sensor), ATTRIBUTE)!;
    const Found = this.plugins.load(reference, 'computeForecast') as PluginClass & ForecasterClass;
    const { from, until, quantiles, madeAtMs } = request;
    const forecasts = noForecasts(from, until, quantiles);
    for (let first = from; first < until;) {
      let end = first + 1;
      while (end < until && madeAtMs(end) === madeAtMs(first)) end++;
      const own = this.requestOf(request, first, end);
      const given = await this.run(reference.class, async () =>
        readCustomForecasts(await new Found(own).computeForecast(), end - first, quantiles),
      );
      forecasts.values.set(given.values, first - from);
      given.quantiles.forEach((values, q) => forecasts.quantiles[q]!.set(values, first - from));
      given.values.forEach((value, i) => {
        if (!Number.isNaN(value)) forecasts.methods[first - from + i] = 'custom';
      });
      first = end;
    }
    return { forecasts, forecaster: identityOf(Found, reference.class) };
  }

  private async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `it was not done after ${TIME_LIMIT_MS / 60_000} minutes.`;
      timer = setTimeout(() => reject(new RangeError(message)), TIME_LIMIT_MS);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      this.logger.warn(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      throw failed(name, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private requestOf({ sensor, series, ...request }: CustomRequest, first: number, end: number) {
    const { startMs, stepMs, values } = series;
    const beliefsBeforeMs = request.madeAtMs(first);
    const window = { startMs: startMs + first * stepMs, stepMs, steps: end - first };
    return {
      sensor: describeSensor(sensor),
      start: new Date(window.startMs),
      end: new Date(startMs + end * stepMs),
      resolution: stepMs,
      beliefTime: new Date(beliefsBeforeMs),
      history: {
        start: new Date(startMs),
        values: values.slice(0, Math.max(0, request.lastKnownAt(beliefsBeforeMs) + 1)),
      },
      context: {
        readSensor: async (id: number) =>
          this.beliefs.latestOnSteps(await this.sensors.get(id), window, { beliefsBeforeMs }),
      },
    };
  }
}

const describeSensor = ({ id, name, unit, timezone, attributes, asset }: Sensor): ForecastSensor => ({
  ...{ id, name, unit, timezone, attributes },
  asset: { id: asset.id, name: asset.name, type: asset.assetType.name, attributes: asset.attributes },
});

/** The data source of a forecaster's forecasts, within what the database holds. */
function identityOf({ author, version }: ForecasterClass, className: string): ForecasterIdentity {
  const identity = { author: author ?? className, model: className, version: version ?? '' };
  const limits = { author: 120, model: 80, version: 17 };
  for (const field of ['author', 'model', 'version'] as const) {
    const text: unknown = identity[field];
    if (typeof text !== 'string' || text.length > limits[field]) {
      throw failed(
        className,
        new RangeError(`its ${field} is no text of at most ${limits[field]} characters.`),
      );
    }
  }
  return identity;
}

function failed(name: string, error: unknown): DomainError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DomainError('CUSTOM_FORECASTER_FAILED', `${name}: ${reason}`, ATTRIBUTE);
}
