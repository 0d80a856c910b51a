import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { FittedModel } from '../model';

/** Maximum number of cached series: more than a worker forecasts within a day. */
const MAX_SERIES = 2_000;

/** Identifies the series and inputs of models. */
export interface ModelKey {
  sensorId: number;
  eventResolutionMs: number;
  timezone: string;
  regressorIds: readonly number[];
}

interface CachedModels {
  models: FittedModel[];
  sensorIds: ReadonlySet<number>;
}

/** Models that this process fitted, so that jobs of the same day can reuse them. */
@Injectable()
export class ModelCache {
  private readonly series = new LRUCache<string, CachedModels>({ max: MAX_SERIES });
  private counter = 0;
  /** Counter value when the models of a sensor were last removed; below, of all sensors. */
  private readonly removedAt = new Map<number, number>();
  private allRemovedAt = 0;

  get(key: ModelKey): readonly FittedModel[] {
    return this.series.get(toText(key))?.models ?? [];
  }

  /** The current version of the cache, for `keep`. */
  get version(): number {
    return this.counter;
  }

  /** Removes the models for a horizon. */
  remove(key: ModelKey, horizonSteps: number): void {
    const known = this.series.get(toText(key));
    if (known) known.models = known.models.filter(({ model }) => model.horizonSteps !== horizonSteps);
  }

  /** Removes all models with training data of these sensors; without ids, all models. */
  removeSensors(sensorIds?: readonly number[]): void {
    this.counter++;
    if (!sensorIds || this.removedAt.size > MAX_SERIES) {
      this.removedAt.clear();
      this.allRemovedAt = this.counter;
    }
    for (const id of sensorIds ?? []) this.removedAt.set(id, this.counter);
    for (const [key, { sensorIds: learntFrom }] of [...this.series]) {
      if (!sensorIds || sensorIds.some((id) => learntFrom.has(id))) this.series.delete(key);
    }
  }

  /**
   * Adds models to the cache. A model does not replace one that was trained with later events.
   * @param version version of the cache before the training data was read. If models of the sensors were removed since
   *   then, the data may have been corrected meanwhile, and the models are not added.
   */
  add(key: ModelKey, fitted: readonly FittedModel[], version: number): void {
    const sensorIds = new Set([key.sensorId, ...key.regressorIds]);
    if (fitted.length === 0 || this.isRemovedSince(version, sensorIds)) return;
    const text = toText(key);
    const models = [...this.get(key)];
    for (const one of fitted) {
      const at = models.findIndex((other) => hasSameInputs(one, other));
      if (at < 0) models.push(one);
      else if (models[at]!.trainedUntilMs <= one.trainedUntilMs) models[at] = one;
    }
    this.series.set(text, { models, sensorIds });
  }

  private isRemovedSince(version: number, sensorIds: ReadonlySet<number>): boolean {
    if (version < this.allRemovedAt) return true;
    return [...sensorIds].some((id) => (this.removedAt.get(id) ?? 0) > version);
  }
}

const toText = ({ sensorId, eventResolutionMs, timezone, regressorIds }: ModelKey): string =>
  [sensorId, eventResolutionMs, timezone, ...regressorIds].join(' ');

const hasSameInputs = (one: FittedModel, other: FittedModel): boolean =>
  one.model.horizonSteps === other.model.horizonSteps && one.usesRegressors === other.usesRegressors;
