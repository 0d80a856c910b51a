import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { SensorsService } from '#lib/sensors';
import { eventEnds } from '#lib/time';
import { BELIEFS_DELETED } from '../store/beliefs.events';
import { RetentionRepository, type OldBeliefs, type RetentionRule } from './retention.repository';

/** Deletes beliefs that are too old to be kept. */
@Injectable()
export class BeliefRetention {
  constructor(
    private readonly retention: RetentionRepository,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** What `delete` would delete, by type of source and account. */
  list(rule: RetentionRule): Promise<OldBeliefs[]> {
    return this.retention.list(rule);
  }

  /**
   * Deletes the beliefs that a rule selects, in one transaction per sensor: after an interruption, some sensors are done, and
   * repeating the call does the others.
   * @returns the number of deleted beliefs
   */
  async delete(rule: RetentionRule): Promise<number> {
    let total = 0;
    for (const id of await this.retention.findSensorIds(rule.accountId)) {
      total += await this.transactions.run(async () => {
        await this.sensors.lock([id]);
        const { count, lastStartMs } = await this.retention.delete(id, rule);
        if (count > 0) await this.emitDeleted(id, lastStartMs);
        return count;
      });
    }
    return total;
  }

  /** @param lastStartMs start of the last event; the rule limits starts, and subscribers are told of ends */
  private async emitDeleted(sensorId: number, lastStartMs: number): Promise<void> {
    const { eventResolutionMs, timezone } = await this.sensors.get(sensorId);
    const [untilMs] = eventEnds(Float64Array.of(lastStartMs), eventResolutionMs, timezone);
    this.events.emit(BELIEFS_DELETED, { sensorIds: [sensorId], untilMs });
  }
}
