import { Injectable } from '@nestjs/common';
import { AssetsService } from '#lib/assets';
import { BeliefsService, knowledgeHorizonOf, type SaveResult } from '#lib/beliefs';
import { beliefHorizonsAt, resampleValues } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import { eventStarts, exactBins, formatInstant, type Bins } from '#lib/time';
import { convertValues } from '#lib/units';
import { roundPower } from '../model';
import type { ScheduleWindow } from '../model/flex/values/window';
import { recordedEvents, signOfSensor } from '../outputs/schedule-outputs';

/** The scheduler that computed a schedule. */
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

  /** Id of the data source of a scheduler. It is added if it does not exist. */
  findOrCreateSource({ author, model, version }: SchedulerIdentity): Promise<number> {
    return this.sources.findOrCreate({ name: author, type: 'scheduling script', model, version });
  }

  /**
   * Stores the power of a schedule, and for storages the initial state of charge in attributes of the asset, in one
   * transaction. Events that begin before or end after the schedule are left out. The power is resampled to the resolution of the sensor: longer steps are repeated, shorter ones averaged.
   * Then it is rounded to 6 decimals of the unit of the sensor, or of MW if that is finer.
   * @param powerMw one value per step, consumption positive, not rounded
   * @param options.sign of stored power, 1 if consumption is positive; by default that of the sensor
   * @returns also the stored values in the unit of the sensor, consumption positive
   */
  save(
    sensor: Sensor,
    window: ScheduleWindow,
    powerMw: Float64Array,
    sourceId: number,
    {
      beliefTimeMs,
      socAtStartMwh,
      sign = signOfSensor(sensor),
    }: { beliefTimeMs: number; socAtStartMwh?: number; sign?: 1 | -1 },
  ): Promise<SaveResult & { consumption: Float64Array }> {
    const recorded = recordedEvents(sensor, window);
    const endMs = recorded.startMs + recorded.steps * recorded.stepMs;
    const events = exactBins(recorded.startMs, endMs, recorded.stepMs);
    const onEventsMw = resamplePower(powerMw, window, events);
    // Adding 0 converts -0 to 0.
    const consumption = toRoundedUnit(onEventsMw, sensor.unit).map((value) => value + 0);
    const values = consumption.map((value) => sign * value + 0);
    return this.transactions.run(async () => {
      const saved = await this.saveValues(sensor, events.starts, values, sourceId, beliefTimeMs);
      if (socAtStartMwh !== undefined) {
        await this.assets.setAttributes(sensor.assetId, {
          soc_datetime: formatInstant(window.startMs, sensor.timezone),
          soc_in_mwh: socAtStartMwh,
        });
      }
      return { ...saved, consumption };
    });
  }

  /**
   * Stores the states of charge of a schedule at the instants from its start to its end, rounded to 6 decimals of the unit of the
   * sensor.
   * @param socMwh the first one at the start, then one per step at its end
   * @param socMaxMwh what 100 % is
   * @returns the stored values in the unit of the sensor
   */
  async saveStates(
    sensor: Sensor,
    window: ScheduleWindow,
    { socMwh, socMaxMwh }: { socMwh: Float64Array; socMaxMwh: number },
    sourceId: number,
    beliefTimeMs: number,
  ): Promise<Float64Array> {
    const { startMs, stepMs, steps } = recordedEvents(sensor, window);
    const inUnit =
      sensor.unit === '%'
        ? socMwh.map((mwh) => (socMaxMwh > 0 ? (100 * mwh) / socMaxMwh : 0))
        : convertValues(socMwh, 'MWh', sensor.unit);
    // Adding 0 converts -0 to 0.
    const values = roundPower(inUnit).map((value) => value + 0);
    await this.saveValues(
      sensor,
      eventStarts(startMs, startMs + steps * stepMs, stepMs),
      values,
      sourceId,
      beliefTimeMs,
    );
    return values;
  }

  private saveValues(
    sensor: Sensor,
    starts: Float64Array,
    values: Float64Array,
    sourceId: number,
    beliefTimeMs: number,
  ): Promise<SaveResult> {
    const { eventResolutionMs } = sensor;
    const rule = knowledgeHorizonOf(sensor);
    return this.beliefs.save(
      sensor,
      {
        eventStarts: starts,
        beliefHorizons: beliefHorizonsAt(starts, beliefTimeMs, eventResolutionMs, rule),
        sourceIds: new Int32Array(values.length).fill(sourceId),
        cumulativeProbabilities: new Float64Array(values.length).fill(0.5),
        values,
      },
      // A new schedule with the same belief time replaces the old one.
      { allowOverwrite: true },
    );
  }
}

/** Converts power to a unit, rounded to 6 decimals of that unit or of MW, whichever is finer. */
function toRoundedUnit(powerMw: Float64Array, unit: string): Float64Array {
  const isFiner = Math.abs(convertValues(Float64Array.of(1), unit, 'MW')[0]!) < 1;
  return isFiner
    ? roundPower(convertValues(powerMw, 'MW', unit))
    : convertValues(roundPower(powerMw), 'MW', unit);
}

/** Resamples power (MW) from the steps of a window to the events of a sensor. */
function resamplePower(
  powerMw: Float64Array,
  { startMs, stepMs, steps }: ScheduleWindow,
  events: Bins,
): Float64Array {
  const series = { eventStarts: eventStarts(startMs, startMs + steps * stepMs, stepMs), values: powerMw };
  const stepsOfPower = { resolutionMs: stepMs, aggregation: 'mean', zone: 'UTC' } as const;
  return resampleValues(series, stepsOfPower, events);
}
