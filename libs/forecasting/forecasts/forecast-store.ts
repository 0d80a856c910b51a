import { Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf, type SaveResult } from '#lib/beliefs';
import { beliefHorizonsAt, concatBeliefs, type BeliefColumns } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import type { ExtensionIdentity } from '#lib/extensions';
import { SourcesService, type Sensor } from '#lib/sensors';
import { stepStartMs, type ForecastMethod, type Forecasts, type StepGrid } from '../model';
import { FORECAST_STORED } from './forecasts.events';

/** Model and version of the data sources of forecasts, by method. */
const MODELS: Record<
  Exclude<ForecastMethod, 'none' | 'known' | 'custom'>,
  { model: string; version: string }
> = {
  'linear-regressors': { model: 'linear-OLS with regressors', version: '5' },
  linear: { model: 'linear-OLS', version: '5' },
  naive: { model: 'naive', version: '1' },
};

const AUTHOR = 'Seita';
const MEDIAN = 0.5;

const BUILT_IN = { name: AUTHOR, type: 'forecasting script' };

const toSourceKey = ({ author, model, version }: ExtensionIdentity) => ({ name: author, model, version });

/** Stores forecasts as probabilistic beliefs. */
@Injectable()
export class ForecastStore {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Stores forecasts, all or nothing.
   * @param grid the steps by which `forecasts.from` counts
   * @param when the horizon of rolling forecasts, or the viewpoint of fixed forecasts
   * @param quantiles cumulative probabilities of `forecasts.quantiles`
   * @param forecaster the custom forecaster, for forecasts of method `custom`
   * @returns what was saved, and the ids of the sources
   */
  save(
    sensor: Sensor,
    grid: StepGrid,
    forecasts: Forecasts,
    when: { horizonMs: number } | { viewpointMs: number },
    quantiles: readonly number[],
    forecaster?: ExtensionIdentity,
  ): Promise<SaveResult & { sourceIds: number[] }> {
    const madeAt = (startMs: number): number =>
      'viewpointMs' in when ? when.viewpointMs : startMs + grid.stepMs - when.horizonMs;
    return this.transactions.run(async () => {
      const parts: BeliefColumns[] = [];
      const made: { sourceId: number; eventStarts: Float64Array; beliefHorizons: Float64Array }[] = [];
      for (const method of ['custom', 'linear-regressors', 'linear', 'naive'] as const) {
        const steps = forecasts.methods.flatMap((used, i) => (used === method ? [i] : []));
        if (steps.length === 0) continue;
        const sourceId = await this.sources.findOrCreate({
          ...BUILT_IN,
          ...(method === 'custom' ? toSourceKey(forecaster!) : MODELS[method]),
        });
        const starts = Float64Array.from(steps, (i) => stepStartMs(grid, forecasts.from + i));
        const horizons = beliefHorizonsAt(
          starts,
          starts.map(madeAt),
          grid.stepMs,
          knowledgeHorizonOf(sensor),
        );
        made.push({ sourceId, eventStarts: starts, beliefHorizons: horizons });
        const distribution =
          method === 'naive' || quantiles.length === 0
            ? [{ probability: MEDIAN, values: forecasts.values }]
            : quantiles.map((probability, q) => ({ probability, values: forecasts.quantiles[q]! }));
        for (const { probability, values } of distribution) {
          // A custom forecaster may return only the median.
          const known = steps.flatMap((i, row) => (Number.isNaN(values[i]!) ? [] : [row]));
          parts.push({
            eventStarts: Float64Array.from(known, (row) => starts[row]!),
            beliefHorizons: Float64Array.from(known, (row) => horizons[row]!),
            sourceIds: new Int32Array(known.length).fill(sourceId),
            cumulativeProbabilities: new Float64Array(known.length).fill(probability),
            values: Float64Array.from(known, (row) => values[steps[row]!]!),
          });
        }
      }
      if (parts.length === 0) return { saved: 0, unchanged: 0, sourceIds: [] };
      // A new forecast with the same belief time replaces the old one, also if another method made the old one.
      const result = await this.beliefs.save(sensor, concatBeliefs(parts), { allowOverwrite: true });
      const builtIn = await this.sources.findIds(BUILT_IN);
      for (const { sourceId, ...moments } of made) {
        const others = builtIn.filter((id) => id !== sourceId);
        if (others.length > 0) await this.beliefs.deleteAt(sensor, others, moments);
      }
      this.events.emit(FORECAST_STORED, { sensorId: sensor.id, saved: result.saved, ...when });
      return { ...result, sourceIds: made.map(({ sourceId }) => sourceId) };
    });
  }
}
