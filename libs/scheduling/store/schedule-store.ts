import { Injectable } from '@nestjs/common';
import { AssetsService } from '#lib/assets';
import { BeliefsService, knowledgeHorizonOf, type SaveResult } from '#lib/beliefs';
import { beliefHorizonsAt } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import { eventStarts, formatInstant } from '#lib/time';
import { convertValues } from '#lib/units';
import { resamplePower } from '../model';
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
   * one; both or none. Longer steps than the sensor's events are repeated, shorter ones averaged.
   * @param powerMw one value per step, consumption positive
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
    const starts = eventStarts(startMs, startMs + steps * stepMs, resolutionMs);
    const onEvents = resamplePower(powerMw, stepMs, resolutionMs);
    // Adding 0 turns the -0 of an idle step into 0.
    const values = convertValues(onEvents, 'MW', sensor.unit).map((value) => sign * value + 0);
    return this.transactions.run(async () => {
      const saved = await this.beliefs.save(
        sensor,
        {
          eventStarts: starts,
          beliefHorizons: beliefHorizonsAt(starts, beliefTimeMs, resolutionMs, knowledgeHorizonOf(sensor)),
          sourceIds: new Int32Array(starts.length).fill(sourceId),
          cumulativeProbabilities: new Float64Array(starts.length).fill(0.5),
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
