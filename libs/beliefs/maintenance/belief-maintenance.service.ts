import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { SensorsService } from '#lib/sensors';
import {
  BeliefMaintenanceRepository,
  type BeliefKind,
  type BeliefSelection,
  type CountByKind,
} from './belief-maintenance.repository';

/** Cleans up stored beliefs. */
@Injectable()
export class BeliefMaintenanceService {
  constructor(
    private readonly maintenance: BeliefMaintenanceRepository,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
  ) {}

  /** @throws DomainError SENSOR_NOT_FOUND */
  async count(selection: BeliefSelection): Promise<number> {
    await this.checkSensors(selection.sensorIds);
    return this.maintenance.count(selection);
  }

  /** All or nothing. @returns how many beliefs there were. @throws DomainError SENSOR_NOT_FOUND */
  delete(selection: BeliefSelection): Promise<number> {
    return this.transactions.run(async () => {
      await this.checkSensors(selection.sensorIds);
      if (selection.sensorIds) await this.sensors.lock(selection.sensorIds);
      return this.maintenance.delete(selection);
    });
  }

  /** Deletes all beliefs about sensors that the caller has locked. @returns how many beliefs there were. */
  deleteAboutLocked(sensorIds: number[]): Promise<number> {
    return this.maintenance.delete({ sensorIds });
  }

  /** Deletes every belief about every sensor. */
  async deleteAll(): Promise<void> {
    await this.maintenance.deleteAll();
  }

  /**
   * Beliefs that repeat what their source believed about the event just before. Forecasts and measurements are judged
   * apart, so that the first measurement counts as news even when the last forecast was right.
   * @param sensorIds all sensors, if not stated
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

  /** Deletes what `countUnchanged` counts, all or nothing. @returns how many beliefs there were. */
  deleteUnchanged(kinds: BeliefKind[], sensorIds?: number[]): Promise<CountByKind> {
    return this.transactions.run(async () => {
      await this.checkSensors(sensorIds);
      const counts = { forecasts: 0, measurements: 0 };
      // In order of their ids, so that two of these cannot wait for each other.
      const ids = (sensorIds ?? (await this.sensors.listIds())).toSorted((one, other) => one - other);
      for (const id of ids) {
        await this.sensors.lock([id]);
        addTo(counts, await this.maintenance.deleteUnchanged(id, kinds));
      }
      return counts;
    });
  }

  private async checkSensors(ids: number[] = []): Promise<void> {
    for (const id of ids) await this.sensors.get(id);
  }
}

function addTo(counts: CountByKind, more: CountByKind): void {
  counts.forecasts += more.forecasts;
  counts.measurements += more.measurements;
}
