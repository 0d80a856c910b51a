import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { BeliefKind } from '../store/sql/belief-filter';
import { BELIEFS_DELETED } from '../store/beliefs.events';
import { startOfEventEnding } from '../model';
import {
  BeliefMaintenanceRepository,
  type BeliefSelection,
  type CountByKind,
} from './belief-maintenance.repository';

/** Which data of a sensor is deleted; all of it without fields. Epoch milliseconds. */
export interface DeletedData {
  startMs?: number;
  untilMs?: number;
  sourceId?: number;
}

/** Counts and deletes stored beliefs. */
@Injectable()
export class BeliefMaintenanceService {
  constructor(
    private readonly maintenance: BeliefMaintenanceRepository,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** @throws DomainError SENSOR_NOT_FOUND */
  async count(selection: BeliefSelection): Promise<number> {
    await this.checkSensors(selection.sensorIds);
    return this.maintenance.count(selection);
  }

  /** All or nothing. @returns the number of deleted beliefs. @throws DomainError SENSOR_NOT_FOUND */
  delete(selection: BeliefSelection): Promise<number> {
    return this.transactions.run(async () => {
      await this.checkSensors(selection.sensorIds);
      if (selection.sensorIds) await this.sensors.lock(selection.sensorIds);
      const count = await this.maintenance.delete(selection);
      if (count > 0) this.events.emit(BELIEFS_DELETED, { sensorIds: selection.sensorIds });
      return count;
    });
  }

  /**
   * Deletes the beliefs about events of a period, of one source or of all, all or nothing.
   * @param startMs events that start at this time or later; all without it; epoch milliseconds
   * @param untilMs events that end at this time or earlier; all without it; epoch milliseconds
   * @returns the number of deleted beliefs
   */
  deleteData(sensor: Sensor, period: DeletedData): Promise<number> {
    const { startMs, untilMs, sourceId } = period;
    const { id } = sensor;
    return this.transactions.run(async () => {
      await this.sensors.lock([id]);
      const count = await this.maintenance.delete(selectionOf(sensor, period));
      if (count > 0) this.events.emit(BELIEFS_DELETED, { sensorIds: [id], sourceId, startMs, untilMs });
      return count;
    });
  }

  /** The number of beliefs that `deleteData` would delete. */
  countData(sensor: Sensor, period: DeletedData): Promise<number> {
    return this.maintenance.count(selectionOf(sensor, period));
  }

  /** Deletes all beliefs about sensors that the caller has locked. @returns the number of deleted beliefs. */
  deleteAboutLocked(sensorIds: number[]): Promise<number> {
    return this.maintenance.delete({ sensorIds });
  }

  /** Deletes every belief about every sensor. */
  async deleteAll(): Promise<void> {
    await this.maintenance.deleteAll();
  }

  /**
   * Counts beliefs that repeat their source's previous belief about the event. Forecasts and measurements are compared
   * separately, so the first measurement counts as changed even when it equals the last forecast.
   * @param sensorIds all sensors if left out
   * @throws DomainError SENSOR_NOT_FOUND
   */
  async countUnchanged(kinds: BeliefKind[], sensorIds?: number[]): Promise<CountByKind> {
    await this.checkSensors(sensorIds);
    const counts = { forecasts: 0, measurements: 0 };
    for (const id of sensorIds ?? (await this.sensors.listIds())) {
      addTo(counts, await this.maintenance.countUnchanged(id, kinds));
    }
    return counts;
  }

  /** Deletes the beliefs that `countUnchanged` counts, all or nothing. @returns the number of deleted beliefs. */
  deleteUnchanged(kinds: BeliefKind[], sensorIds?: number[]): Promise<CountByKind> {
    return this.transactions.run(async () => {
      await this.checkSensors(sensorIds);
      const counts = { forecasts: 0, measurements: 0 };
      // In order of their ids, so that two calls cannot wait for each other.
      const ids = (sensorIds ?? (await this.sensors.listIds())).toSorted((one, other) => one - other);
      for (const id of ids) {
        await this.sensors.lock([id]);
        const deleted = await this.maintenance.deleteUnchanged(id, kinds);
        addTo(counts, deleted);
        if (deleted.forecasts + deleted.measurements > 0)
          this.events.emit(BELIEFS_DELETED, { sensorIds: [id] });
      }
      return counts;
    });
  }

  private async checkSensors(ids: number[] = []): Promise<void> {
    for (const id of ids) await this.sensors.get(id);
  }
}

/** The beliefs about events of a period. */
const selectionOf = (
  { id, eventResolutionMs, timezone }: Sensor,
  { startMs, untilMs, sourceId }: DeletedData,
): BeliefSelection => ({
  sensorIds: [id],
  ...{ sourceId, firstStartMs: startMs },
  lastStartMs: untilMs === undefined ? undefined : startOfEventEnding(untilMs, eventResolutionMs, timezone),
});

function addTo(counts: CountByKind, more: CountByKind): void {
  counts.forecasts += more.forecasts;
  counts.measurements += more.measurements;
}
