import { Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from '#lib/beliefs';
import { knowledgeTimesAt, type BeliefColumns } from '#lib/beliefs/model';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor, type Source } from '#lib/sensors';
import { DAY_MS, HOUR_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { ForecastingService } from '../forecasts/forecasting.service';
import { ForecastInputs } from '../inputs/forecast-inputs';
import { accuracyBySource, type SourceAccuracy } from '../model';

/** Selects the forecasts to compare with measurements. */
export interface AccuracyRequest {
  /** Events that start at `startMs` or later and end at `endMs` or earlier; epoch milliseconds. */
  startMs: number;
  endMs: number;
  /** Only forecasts of this source. */
  sourceId?: number;
  /** Minimum times between a forecast and the end of its event; by default the horizons of the sensor. */
  horizonsMs?: readonly number[];
}

/** Accuracy of the forecasts of one source, made at least a horizon before the end of the events. */
export interface ForecastAccuracy extends Omit<SourceAccuracy, 'sourceId'> {
  source: Pick<Source, 'id' | 'name' | 'type' | 'model' | 'version'>;
  horizonMs: number;
}

/** About two years of 15-minute steps. */
const MAX_STEPS = 75_000;

/** Compares forecasts with measurements. */
@Injectable()
export class AccuracyService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    private readonly inputs: ForecastInputs,
    private readonly forecasting: ForecastingService,
  ) {}

  /**
   * Accuracies, ordered by horizon and source. For each event, the latest forecast that was made early enough is used.
   * Without `horizonsMs`, a source is listed at the horizons at which it made forecasts: a forecast belongs to the longest
   * default horizon that its lead reaches.
   * Schedules are not forecasts. For prices, only forecasting scripts count, unless a source is given, because markets
   * publish prices before the events.
   * @throws DomainError INVALID_RESOLUTION, INVALID_HORIZON, INVALID_WINDOW, TOO_MUCH_DATA, SOURCE_NOT_FOUND
   */
  async compute(sensor: Sensor, request: AccuracyRequest): Promise<ForecastAccuracy[]> {
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
    const horizonsMs = request.horizonsMs ?? this.getHorizons(sensor);
    for (const horizonMs of horizonsMs) {
      const forecasts = await this.beliefs.search(
        sensor,
        { ...search, leadAtLeastMs: horizonMs },
        'per-event-and-source',
      );
      const horizonSteps = Math.max(1, Math.ceil(horizonMs / data.series.stepMs));
      // With the longer leads alone, the figures are those of the next horizon.
      const nextMs = request.horizonsMs
        ? Infinity
        : Math.min(...horizonsMs.filter((other) => other > horizonMs));
      const listed = sourcesWithLeadBelow(nextMs, sensor, forecasts);
      for (const accuracy of accuracyBySource(data, forecasts, horizonSteps)) {
        if (listed.has(accuracy.sourceId)) found.push({ ...accuracy, horizonMs });
      }
    }
    return this.withSources(found);
  }

  /** The default horizons of the sensor; one and two days if it has none. */
  private getHorizons(sensor: Sensor): number[] {
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

/** Ids of the sources with a forecast that was made less than `leadMs` before the end of its event. */
function sourcesWithLeadBelow(leadMs: number, sensor: Sensor, forecasts: BeliefColumns): Set<number> {
  const { eventStarts, beliefHorizons, sourceIds } = forecasts;
  const { eventResolutionMs } = sensor;
  const known = knowledgeTimesAt(eventStarts, eventResolutionMs, knowledgeHorizonOf(sensor));
  return new Set(
    sourceIds.filter((_, row) => {
      const beliefTime = known[row]! - beliefHorizons[row]!;
      return eventStarts[row]! + eventResolutionMs - beliefTime < leadMs;
    }),
  );
}

function checkRequest(
  { id, eventResolutionMs: stepMs }: Sensor,
  { startMs, endMs, horizonsMs = [] }: AccuracyRequest,
): void {
  if (stepMs <= 0) {
    const message = `Sensor ${id} is instantaneous: the accuracy of its forecasts cannot be computed.`;
    throw new DomainError('INVALID_RESOLUTION', message, 'id');
  }
  if (horizonsMs.some((horizonMs) => horizonMs <= 0)) {
    throw new DomainError('INVALID_HORIZON', 'horizon: must be a positive duration.', 'horizon');
  }
  if (endMs <= startMs) {
    const message = 'The end of the window must be after its start.';
    throw new DomainError('INVALID_WINDOW', message, 'event_ends_before');
  }
  if ((endMs - startMs) / stepMs > MAX_STEPS) {
    const days = Math.floor((MAX_STEPS * stepMs) / DAY_MS);
    const message = `The window is too long: at most ${days} days of this sensor's events can be compared at once.`;
    throw new DomainError('TOO_MUCH_DATA', message, 'event_starts_after');
  }
}
