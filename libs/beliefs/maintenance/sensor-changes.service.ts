import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor, type SensorPatchFields } from '#lib/sensors';
import { BeliefsRepository } from '../store/beliefs.repository';

/** Fields on which stored beliefs depend, with their names in requests. */
const FIXED_BY_BELIEFS = { unit: 'unit', eventResolutionMs: 'event_resolution' } as const;

type FixedField = keyof typeof FIXED_BY_BELIEFS;

/** Changes sensors, as far as their stored beliefs permit it. */
@Injectable()
export class SensorChangesService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsRepository,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Changes the fields that are given. Unit and event resolution can only change while there are no beliefs about the
   * sensor, because stored values would change their meaning. Fields with the value that they have already are left out.
   * @throws DomainError SENSOR_HAS_BELIEFS with the field; or as SensorsService.update
   */
  update(sensor: Sensor, patch: SensorPatchFields): Promise<Sensor> {
    return this.transactions.run(async () => {
      const isSame = (name: FixedField): boolean => patch[name] === undefined || patch[name] === sensor[name];
      const { unit, eventResolutionMs, ...rest } = patch;
      for (const [name, field] of Object.entries(FIXED_BY_BELIEFS) as [FixedField, string][])
        if (!isSame(name)) await this.requireNoBeliefs(sensor.id, field);
      const changes = {
        ...rest,
        ...(!isSame('unit') && { unit }),
        ...(!isSame('eventResolutionMs') && { eventResolutionMs }),
      };
      return this.sensors.update(sensor, changes);
    });
  }

  private async requireNoBeliefs(sensorId: number, field: string): Promise<void> {
    await this.sensors.lock([sensorId]);
    if (!(await this.beliefs.hasBeliefs(sensorId))) return;
    const message = `Cannot change while sensor ${sensorId} has data. Delete its data first.`;
    throw new DomainError('SENSOR_HAS_BELIEFS', message, field);
  }
}
