import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { SensorsService } from '#lib/sensors';
import {
  BeliefMaintenanceRepository,
  type BeliefKind,
  type BeliefSelection,
  type CountByKind,
} from './belief-maintenance.repository';
import { BELIEFS_DELETED } from './beliefs.events';

/** Cleans up stored beliefs. */
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

  /** All or nothing. @returns how many beliefs there were. @throws DomainError SENSOR_NOT_FOUND */
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
