import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { FittedModel } from '../model';

/** More sensors than one worker forecasts within a day would make it grow forever. */
const MAX_SERIES = 2_000;

/** What models are about. */
export interface ModelKey {
  sensorId: number;
  eventResolutionMs: number;
  timezone: string;
  regressorIds: readonly number[];
}

interface Series {
  models: FittedModel[];
  sensorIds: ReadonlySet<number>;
}

/** Models that this process fitted, kept so that jobs of the same day need not fit them again. */
@Injectable()
export class ModelCache {
  private readonly series = new LRUCache<string, Series>({ max: MAX_SERIES });
  private counter = 0;
  /** At which count the models of a sensor were forgotten last, and at which those of all sensors were. */
  private readonly forgottenAt = new Map<number, number>();
  private allForgottenAt = 0;

  get(key: ModelKey): readonly FittedModel[] {
    return this.series.get(textOf(key))?.models ?? [];
  }

  /** A moment in the life of the cache; see `keep`. */
  get version(): number {
    return this.counter;
  }

  /** Drops the models for a horizon. */
  forget(key: ModelKey, horizonSteps: number): void {
    const known = this.series.get(textOf(key));
    if (known) known.models = known.models.filter(({ model }) => model.horizonSteps !== horizonSteps);
  }

  /** Drops all models that learnt from these sensors, or all of all sensors. */
  forgetSensors(sensorIds?: readonly number[]): void {
    this.counter++;
    if (!sensorIds || this.forgottenAt.size > MAX_SERIES) {
      this.forgottenAt.clear();
      this.allForgottenAt = this.counter;
    }
    for (const id of sensorIds ?? []) this.forgottenAt.set(id, this.counter);
    for (const [key, { sensorIds: learntFrom }] of [...this.series]) {
      if (!sensorIds || sensorIds.some((id) => learntFrom.has(id))) this.series.delete(key);
    }
  }

  /**
   * Keeps models; one that learnt from earlier events only does not take the place of another.
   * @param version of the cache before the data was read that they learnt from: models that were to be forgotten since
   *   may have learnt from what was corrected meanwhile, and are not kept
   */
  keep(key: ModelKey, fitted: readonly FittedModel[], version: number): void {
    const sensorIds = new Set([key.sensorId, ...key.regressorIds]);
    if (fitted.length === 0 || this.isForgottenSince(version, sensorIds)) return;
    const text = textOf(key);
    const models = [...this.get(key)];
    for (const one of fitted) {
      const at = models.findIndex((other) => isAlike(one, other));
      if (at < 0) models.push(one);
      else if (models[at]!.lastKnownMs <= one.lastKnownMs) models[at] = one;
    }
    this.series.set(text, { models, sensorIds });
  }

  private isForgottenSince(version: number, sensorIds: ReadonlySet<number>): boolean {
    if (version < this.allForgottenAt) return true;
    return [...sensorIds].some((id) => (this.forgottenAt.get(id) ?? 0) > version);
  }
}

const textOf = ({ sensorId, eventResolutionMs, timezone, regressorIds }: ModelKey): string =>
  [sensorId, eventResolutionMs, timezone, ...regressorIds].join(' ');

const isAlike = (one: FittedModel, other: FittedModel): boolean =>
  one.model.horizonSteps === other.model.horizonSteps && one.usesRegressors === other.usesRegressors;
