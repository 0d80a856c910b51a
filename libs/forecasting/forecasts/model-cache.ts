import { Injectable } from '@nestjs/common';
import type { FittedModel } from '../model';

/** More sensors than one worker forecasts within a day would make it grow forever. */
const MAX_SERIES = 2_000;

/** Models that this process fitted, kept so that jobs of the same day need not fit them again. */
@Injectable()
export class ModelCache {
  private readonly models = new Map<string, FittedModel[]>();

  /** @param key what models are about: a sensor, its resolution and its regressors */
  get(key: string): readonly FittedModel[] {
    return this.models.get(key) ?? [];
  }

  /** Drops the models for a horizon. */
  forget(key: string, horizonSteps: number): void {
    const known = this.models.get(key);
    if (known)
      this.models.set(
        key,
        known.filter(({ model }) => model.horizonSteps !== horizonSteps),
      );
  }

  /** Keeps models; one that learnt from earlier events only does not take the place of another. */
  keep(key: string, fitted: readonly FittedModel[]): void {
    const kept = [...this.get(key)];
    for (const one of fitted) {
      const at = kept.findIndex((other) => isAlike(one, other));
      if (at < 0) kept.push(one);
      else if (kept[at]!.lastKnownMs <= one.lastKnownMs) kept[at] = one;
    }
    this.models.delete(key);
    this.models.set(key, kept);
    const [oldest] = this.models.keys();
    if (this.models.size > MAX_SERIES && oldest !== undefined) this.models.delete(oldest);
  }
}

const isAlike = (one: FittedModel, other: FittedModel): boolean =>
  one.model.horizonSteps === other.model.horizonSteps && one.usesRegressors === other.usesRegressors;
