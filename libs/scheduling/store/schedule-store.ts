import { Injectable } from '@nestjs/common';
import { AssetsService } from '#lib/assets';
import { BeliefsService, knowledgeHorizonOf, type SaveResult } from '#lib/beliefs';
import { beliefHorizonsAt, resampleValues } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import { eventStarts, exactBins, formatInstant, type Bins } from '#lib/time';
import { convertValues } from '#lib/units';
import { roundPower } from '../model';
import { storedSign } from '../model/flex/sign';
import type { ScheduleWindow } from '../model/flex/window';

/** Who computed a schedule. */
export interface SchedulerIdentity {
  author: string;
  model: string;
  version: string;
}

/** Stores schedules as beliefs of the scheduler. */
@Injectable()
export class ScheduleStore {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    private readonly assets: AssetsService,
    private readonly transactions: Transactions,
  ) {}

  /** Id of the data source of a scheduler, added unless it is there. */
  sourceOf({ author, model, version }: SchedulerIdentity): Promise<number> {
    return this.sources.findOrCreate({ name: author, type: 'scheduling script', model, version });
  }

  /**
   * Stores power over a window, and on the asset the state of charge that the schedule started from, where there is
   * one; both or none. Steps longer than the sensor's events are repeated, shorter ones averaged.
   * Power is rounded to 6 decimals of the sensor's unit, or of MW if that is finer.
   * @param powerMw one value per step, consumption positive, not rounded
   */
  save(
    sensor: Sensor,
    window: ScheduleWindow,
    powerMw: Float64Array,
    sourceId: number,
    { beliefTimeMs, socAtStartMwh }: { beliefTimeMs: number; socAtStartMwh?: number },
  ): Promise<SaveResult> {
    const { startMs, stepMs, steps } = window;
    const resolutionMs = sensor.eventResolutionMs;
    const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
    const events = exactBins(startMs, startMs + steps * stepMs, resolutionMs);
    const values = toUnit(onEvents(powerMw, window, events), sensor.unit).map((value) => sign * value + 0);
    return this.transactions.run(async () => {
      const saved = await this.beliefs.save(
        sensor,
        {
          eventStarts: events.starts,
          beliefHorizons: beliefHorizonsAt(
            events.starts,
            beliefTimeMs,
            resolutionMs,
            knowledgeHorizonOf(sensor),
          ),
          sourceIds: new Int32Array(values.length).fill(sourceId),
          cumulativeProbabilities: new Float64Array(values.length).fill(0.5),
          values,
        },
        // A schedule computed anew for the same moment takes the place of the former one.
        { allowOverwrite: true },
      );
      if (socAtStartMwh !== undefined) {
        await this.assets.setAttributes(sensor.assetId, {
          soc_datetime: formatInstant(startMs, sensor.timezone),
          soc_in_mwh: socAtStartMwh,
        });
      }
      return saved;
    });
  }
}

/** Power in a unit, rounded to 6 decimals of that or of MW, whichever is finer. */
function toUnit(powerMw: Float64Array, unit: string): Float64Array {
  const isFiner = Math.abs(convertValues(Float64Array.of(1), unit, 'MW')[0]!) < 1;
  return isFiner
    ? roundPower(convertValues(powerMw, 'MW', unit))
    : convertValues(roundPower(powerMw), 'MW', unit);
}

/** Power on the steps of a window as power in the events of a sensor, MW. */
function onEvents(
  powerMw: Float64Array,
  { startMs, stepMs, steps }: ScheduleWindow,
  events: Bins,
): Float64Array {
  const series = { eventStarts: eventStarts(startMs, startMs + steps * stepMs, stepMs), values: powerMw };
  const stepsOfPower = { resolutionMs: stepMs, nature: 'flow', zone: 'UTC' } as const;
  return resampleValues(series, stepsOfPower, events);
}
