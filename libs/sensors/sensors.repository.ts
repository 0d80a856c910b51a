import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Transactions } from '#lib/database';
import { Sensor } from './sensor.entity';

/** The columns of a new sensor. */
export type NewSensor = Pick<Sensor, 'name' | 'unit' | 'eventResolutionMs' | 'timezone' | 'assetId'> &
  Partial<Pick<Sensor, 'attributes' | 'knowledgeHorizonFnc' | 'knowledgeHorizonPar'>>;

@Injectable()
export class SensorsRepository {
  constructor(private readonly transactions: Transactions) {}

  findByIds(ids: number[]): Promise<Sensor[]> {
    return this.sensors.find({ where: { id: In(ids) }, relations: { asset: { assetType: true } } });
  }

  findByAsset(assetId: number): Promise<Sensor[]> {
    return this.sensors.find({ where: { assetId }, order: { id: 'ASC' } });
  }

  findByName(name: string, assetId: number): Promise<Sensor | null> {
    return this.sensors.findOneBy({ name, assetId });
  }

  insert(sensor: NewSensor): Promise<Sensor> {
    return this.sensors.save(this.sensors.create(sensor));
  }

  private get sensors() {
    return this.transactions.manager.getRepository(Sensor);
  }
}
