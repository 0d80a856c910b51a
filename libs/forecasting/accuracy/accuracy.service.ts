import { Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor, type Source } from '#lib/sensors';
import { DAY_MS, HOUR_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { ForecastingService } from '../forecasts/forecasting.service';
import { ForecastInputs } from '../inputs/forecast-inputs';
import { accuracyBySource, type SourceAccuracy } from '../model';

/** Which forecasts are to be compared with what came. */
export interface AccuracyRequest {
  /** Events that start at `startMs` or later and end at `endMs` or earlier; epoch milliseconds. */
  startMs: number;
  endMs: number;
  /** Only those of this source. */
  sourceId?: number;
  /** How long before the end of its event a forecast must have been made; by default the sensor's horizons. */
  horizonsMs?: readonly number[];
}

/** How well a source forecast a sensor so long before the end of events. */
export interface ForecastAccuracy extends Omit<SourceAccuracy, 'sourceId'> {
  source: Pick<Source, 'id' | 'name' | 'type' | 'model' | 'version'>;
  horizonMs: number;
}

/** Two years of quarters of an hour. */
const MAX_STEPS = 75_000;

/** Compares forecasts with what came. */
@Injectable()
export class AccuracyService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    private readonly inputs: ForecastInputs,
    private readonly forecasting: ForecastingService,
  ) {}

  /**
   * By horizon, then by source. Of several forecasts of one event the latest counts that was made early enough. Plans
   * are no forecasts; of prices only forecasting scripts count, unless a source is named, as the market itself says
   * them ahead.
   * @throws DomainError INVALID_RESOLUTION, INVALID_HORIZON, INVALID_WINDOW, TOO_MUCH_DATA, SOURCE_NOT_FOUND
   */
  async of(sensor: Sensor, request: AccuracyRequest): Promise<ForecastAccuracy[]> {
    const { startMs, endMs, sourceId } = request;
    checkRequest(sensor, request);
    if (sourceId !== undefined) await this.sources.get(sourceId);
    const data = await this.inputs.read(sensor, { fromMs: startMs, untilMs: endMs });
    const search: BeliefSearch = {
      eventStartsAfterMs: startMs,
      eventEndsBeforeMs: endMs,
      ...(sourceId !== undefined
        ? { sourceIds: [sourceId] }
        : isPriceUnit(sensor.unit)
          ? { sourceTypes: ['forecasting script'] }
          : { excludeSourceTypes: ['scheduling script'] }),
    };
    const found: (SourceAccuracy & { horizonMs: number })[] = [];
    for (const horizonMs of request.horizonsMs ?? this.horizonsOf(sensor)) {
      const said = await this.beliefs.search(
        sensor,
        { ...search, leadAtLeastMs: horizonMs },
        'per-event-and-source',
      );
      const horizonSteps = Math.max(1, Math.ceil(horizonMs / data.series.stepMs));
      found.push(...accuracyBySource(data, said, horizonSteps).map((one) => ({ ...one, horizonMs })));
    }
    return this.withSources(found);
  }

  /** Sensors without horizons of their own are asked about those of others. */
  private horizonsOf(sensor: Sensor): number[] {
    const horizons = this.forecasting.defaultHorizons(sensor);
    return horizons.length > 0 ? horizons : [24 * HOUR_MS, 48 * HOUR_MS];
  }

  private async withSources(found: (SourceAccuracy & { horizonMs: number })[]): Promise<ForecastAccuracy[]> {
    const sources = await this.sources.listByIds([...new Set(found.map(({ sourceId }) => sourceId))]);
    const byId = new Map(sources.map((source) => [source.id, source]));
    return found.flatMap(({ sourceId, ...accuracy }) => {
      const source = byId.get(sourceId);
      if (!source) return [];
      const { id, name, type, model, version } = source;
      return [{ source: { id, name, type, model, version }, ...accuracy }];
    });
  }
}

function checkRequest(
  { id, eventResolutionMs: stepMs }: Sensor,
  { startMs, endMs, horizonsMs = [] }: AccuracyRequest,
): void {
  if (stepMs <= 0) {
    const message = `Sensor ${id} is instantaneous: its values are not forecast step by step.`;
    throw new DomainError('INVALID_RESOLUTION', message, 'id');
  }
  if (horizonsMs.some((horizonMs) => horizonMs <= 0)) {
    throw new DomainError('INVALID_HORIZON', 'horizon: a positive duration is needed.', 'horizon');
  }
  if (endMs <= startMs) {
    const message = 'The window must end after it starts.';
    throw new DomainError('INVALID_WINDOW', message, 'event_ends_before');
  }
  if ((endMs - startMs) / stepMs > MAX_STEPS) {
    const days = Math.floor((MAX_STEPS * stepMs) / DAY_MS);
    const message = `Ask for a shorter window: at most ${days} days of this sensor's events are compared at once.`;
    throw new DomainError('TOO_MUCH_DATA', message, 'event_starts_after');
  }
}
